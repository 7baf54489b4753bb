package store

import (
	"encoding/json"
	"errors"
)

// Token is the API token with that hash, or ErrNotExist.
func (tx *Tx) Token(h Hash) (Token, error) {
	var t Token
	err := tx.getJSON(tokensBucket, h[:], &t)
	return t, err
}

// TokenByID is the API token with that id and its hash, or ErrNotExist. It
// looks through all tokens, which are few.
func (tx *Tx) TokenByID(id string) (Hash, Token, error) {
	var (
		hash  Hash
		token Token
	)
	found := errors.New("found")
	err := tx.Tokens(func(h Hash, t Token) error {
		if t.ID != id {
			return nil
		}
		hash, token = h, t
		return found
	})
	switch {
	case errors.Is(err, found):
		return hash, token, nil
	case err == nil:
		err = ErrNotExist
	}
	return Hash{}, Token{}, err
}

// Tokens calls fn for each API token, in the order of their hashes, until it
// returns an error, which comes back. fn must not change tokens.
func (tx *Tx) Tokens(fn func(Hash, Token) error) error {
	return tx.scan(tokensBucket, nil, func(key, value []byte) error {
		var t Token
		if len(key) != len(Hash{}) || json.Unmarshal(value, &t) != nil {
			return damagedRecord(tokensBucket, key)
		}
		return fn(Hash(key), t)
	})
}

// PutToken stores an API token.
func (tx *Tx) PutToken(h Hash, t Token) error { return tx.putJSON(tokensBucket, h[:], t) }

// DeleteToken deletes an API token, if it is there.
func (tx *Tx) DeleteToken(h Hash) error { return tx.del(tokensBucket, h[:]) }
