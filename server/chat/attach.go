package chat

import (
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

func textEmpty() error { return wire.Errorf(wire.CodeBadRequest, "The text is empty.") }

// cleanCaption is the text of a message that may do without, as it has files.
func cleanCaption(text string, optional bool) (string, error) {
	if optional && wire.Blank(text) {
		return "", nil
	}
	return wire.CleanText(text)
}

// checkFiles refuses files that no message can have.
func checkFiles(ids []string) error {
	if len(ids) > wire.MaxFiles {
		return wire.Errorf(wire.CodeTooLarge, "A message has at most %d files.", wire.MaxFiles)
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return wire.Errorf(wire.CodeBadRequest, "The file %.40q is there twice.", id)
		}
	}
	return nil
}

// ownFiles are files of the actor's that are whole and that no message has.
func (c *change) ownFiles(ids []string) ([]wire.File, error) {
	var list []wire.File
	for _, id := range ids {
		f, err := c.tx.File(id)
		switch {
		case errors.Is(err, store.ErrNotExist) || err == nil && (f.Owner != c.actor.ID || f.Room != ""):
			return nil, wire.Errorf(wire.CodeBadRequest, "There is no file %.40q to attach.", id)
		case err != nil:
			return nil, err
		case f.Offset != f.Size:
			return nil, wire.Errorf(wire.CodeBadRequest, "The file %.40q is not whole.", id)
		}
		list = append(list, f.File)
	}
	return list, nil
}
