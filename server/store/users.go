package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"parley/shared/names"
)

// User is the user with that id, or ErrNotExist.
func (tx *Tx) User(id string) (User, error) {
	if u, ok := tx.users[id]; ok {
		return u, nil
	}
	var u User
	if err := tx.getJSON(usersBucket, []byte(id), &u); err != nil {
		return User{}, err
	}
	if tx.users != nil {
		tx.users[id] = u
	}
	return u, nil
}

// UserNamed is the id of the user whose name is this when folded, or ErrNotExist.
func (tx *Tx) UserNamed(folded string) (string, error) {
	id, err := tx.get(namesBucket, []byte(folded))
	return string(id), err
}

// UserByName is the user with that name, compared by names.Fold, or ErrNotExist.
func (tx *Tx) UserByName(name string) (User, error) {
	id, err := tx.get(namesBucket, []byte(names.Fold(name)))
	if err != nil {
		return User{}, err
	}
	u, err := tx.User(string(id))
	if errors.Is(err, ErrNotExist) {
		return User{}, fmt.Errorf("%w: the name %q leads to no user", ErrDamaged, name)
	}
	return u, err
}

// Users calls fn for each user, ascending by id, until it returns an error,
// which comes back. fn must not change users.
func (tx *Tx) Users(fn func(User) error) error {
	return tx.scan(usersBucket, nil, func(key, value []byte) error {
		var u User
		if json.Unmarshal(value, &u) != nil {
			return damagedRecord(usersBucket, key)
		}
		return fn(u)
	})
}

// PutUser stores a user and keeps the index of names in step, and what the user
// may see of the log (see [Tx.Spans]). It returns ErrNameTaken if the name,
// folded, is another user's.
func (tx *Tx) PutUser(u User) error {
	if err := checkID(u.ID); err != nil {
		return err
	}
	folded := []byte(names.Fold(u.Name))
	holder, err := tx.get(namesBucket, folded)
	switch {
	case err == nil && string(holder) != u.ID:
		return ErrNameTaken
	case err != nil && !errors.Is(err, ErrNotExist):
		return err
	}
	switch old, err := tx.User(u.ID); {
	case err == nil:
		if err := tx.replaceUser(old, u); err != nil {
			return err
		}
	case !errors.Is(err, ErrNotExist):
		return err
	}
	if err := tx.put(namesBucket, folded, []byte(u.ID)); err != nil {
		return err
	}
	if err := tx.putJSON(usersBucket, []byte(u.ID), u); err != nil {
		return err
	}
	tx.users[u.ID] = u
	return nil
}

// replaceUser does what follows from the difference of the two.
func (tx *Tx) replaceUser(old, u User) error {
	if names.Fold(old.Name) != names.Fold(u.Name) {
		if err := tx.del(namesBucket, []byte(names.Fold(old.Name))); err != nil {
			return err
		}
	}
	return tx.crossRoles(old, u)
}
