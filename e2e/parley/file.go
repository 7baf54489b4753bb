package parley

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"parley/shared/wire"
)

// Upload sends the bytes of a file, once, and gives the file, which a message can
// carry then.
func (u *User) Upload(ctx context.Context, f wire.CreateFile, data []byte) (wire.File, error) {
	var at wire.Upload
	f.Size = int64(len(data))
	err := u.Do(ctx, wire.CmdCreateFile, f, &at)
	for err == nil && at.Offset < f.Size {
		err = u.sendPiece(ctx, &at, data[at.Offset:min(at.Offset+wire.ChunkSize, f.Size)])
	}
	return at.File, err
}

func (u *User) sendPiece(ctx context.Context, at *wire.Upload, piece []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	path := fmt.Sprintf("%s/api/v1/files/%s?offset=%d", u.origin, at.File.ID, at.Offset)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(piece))
	if err != nil {
		return err
	}
	req.Header = u.Header()
	req.Header.Set("Content-Type", wire.OctetStream)
	res, err := transport().RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return decode(res, at)
}
