package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"strings"

	bolt "go.etcd.io/bbolt"

	"parley/shared/wire"
)

// Tx is the state at one moment, and in an Update the changes so far. It must
// not be used concurrently, nor after the function that got it has returned.
type Tx struct {
	db      *DB
	bolt    *bolt.Tx
	buckets [numBuckets]*bolt.Bucket

	// Of an Update only: what it has looked up or changed, decoded.
	users   map[string]User
	rooms   map[string]*cachedRoom
	members map[membership]bool

	appended []Event
	writes   int
}

type bucketID int

const (
	metaBucket bucketID = iota
	usersBucket
	namesBucket
	sessionsBucket
	tokensBucket
	invitesBucket
	roomsBucket
	membersBucket
	messagesBucket
	logBucket
	noncesBucket
	readsBucket
	roomNamesBucket // from here on since format 2
	directBucket
	loginsBucket
	rolesBucket
	revisionsBucket
	changedBucket
	mentionsBucket
	notifyBucket
	auditBucket
	hooksBucket
	webhooksBucket
	filesBucket // from here on since format 3
	piecesBucket
	uploadsBucket
	numBuckets
)

var bucketNames = [numBuckets]string{
	"meta", "users", "names", "sessions", "tokens", "invites",
	"rooms", "members", "messages", "log", "nonces", "reads",
	"roomnames", "direct", "logins", "roles", "revisions", "changed", "mentions", "notify", "audit", "hooks", "webhooks",
	"files", "pieces", "uploads",
}

// appendFill is how full bbolt leaves a page that it splits in a bucket which
// mostly grows at its ends. The default of 0.5 is for random keys.
const appendFill = 0.9

func newTx(db *DB, bt *bolt.Tx) *Tx {
	tx := &Tx{db: db, bolt: bt}
	if bt.Writable() {
		tx.users = map[string]User{}
		tx.rooms = map[string]*cachedRoom{}
		tx.members = map[membership]bool{}
	}
	return tx
}

func (tx *Tx) bucket(id bucketID) *bolt.Bucket {
	if tx.buckets[id] == nil {
		b := tx.bolt.Bucket([]byte(bucketNames[id]))
		if id == messagesBucket || id == logBucket || id == auditBucket {
			b.FillPercent = appendFill
		}
		tx.buckets[id] = b
	}
	return tx.buckets[id]
}

// Writes counts what this Tx has changed; a refused command must leave it as it was.
func (tx *Tx) Writes() int { return tx.writes }

// flush stores what the caches hold back.
func (tx *Tx) flush() error { return tx.flushRooms() }

// crcTable is of CRC-32C (RFC 3720, appendix B.4).
var crcTable = crc32.MakeTable(crc32.Castagnoli)

// crcLen is the length in bytes of the checksum before each value.
const crcLen = 4

// seal is value behind the checksum of key and value: a record that lies in
// another's place is as damaged as a changed one.
func seal(key, value []byte) []byte {
	sealed := make([]byte, crcLen, crcLen+len(value))
	binary.BigEndian.PutUint32(sealed, checksum(key, value))
	return append(sealed, value...)
}

// unseal is the value in sealed; false if the checksum does not fit.
func unseal(key, sealed []byte) ([]byte, bool) {
	if len(sealed) < crcLen || binary.BigEndian.Uint32(sealed) != checksum(key, sealed[crcLen:]) {
		return nil, false
	}
	return sealed[crcLen:], true
}

func checksum(key, value []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, crcTable), crcTable, value)
}

// get is the value of a record, valid as long as the Tx; ErrNotExist or ErrDamaged.
func (tx *Tx) get(id bucketID, key []byte) ([]byte, error) {
	sealed := tx.bucket(id).Get(key)
	if sealed == nil {
		return nil, ErrNotExist
	}
	value, ok := unseal(key, sealed)
	if !ok {
		return nil, damagedRecord(id, key)
	}
	return value, nil
}

func (tx *Tx) put(id bucketID, key, value []byte) error {
	tx.writes++
	if err := tx.bucket(id).Put(key, seal(key, value)); err != nil {
		return fmt.Errorf("store a record of %s: %w", bucketNames[id], err)
	}
	return nil
}

// del deletes a record, if it is there.
func (tx *Tx) del(id bucketID, key []byte) error {
	if tx.bucket(id).Get(key) == nil {
		return nil
	}
	tx.writes++
	if err := tx.bucket(id).Delete(key); err != nil {
		return fmt.Errorf("delete a record of %s: %w", bucketNames[id], err)
	}
	return nil
}

// scan calls fn for the records whose key begins with prefix, in order, until
// it returns an error. key is without the prefix. fn must not change the bucket.
func (tx *Tx) scan(id bucketID, prefix []byte, fn func(key, value []byte) error) error {
	c := tx.bucket(id).Cursor()
	for k, sealed := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, sealed = c.Next() {
		value, ok := unseal(k, sealed)
		if !ok {
			return damagedRecord(id, k)
		}
		if err := fn(k[len(prefix):], value); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) getJSON(id bucketID, key []byte, v any) error {
	value, err := tx.get(id, key)
	if err != nil {
		return err
	}
	if json.Unmarshal(value, v) != nil {
		return damagedRecord(id, key)
	}
	return nil
}

func (tx *Tx) putJSON(id bucketID, key []byte, v any) error {
	return tx.put(id, key, wire.Encode(v))
}

// damagedRecord is ErrDamaged with the record's name. Keys that are hashes of
// secrets stay out of it.
func damagedRecord(id bucketID, key []byte) error {
	switch id {
	case sessionsBucket, tokensBucket, invitesBucket, loginsBucket, hooksBucket:
		return fmt.Errorf("%w: a record of %s", ErrDamaged, bucketNames[id])
	case logBucket:
		if len(key) == 8 {
			return fmt.Errorf("%w: the event at offset %d", ErrDamaged, binary.BigEndian.Uint64(key))
		}
	case messagesBucket:
		if num, seq, ok := splitMessageKey(key); ok {
			return fmt.Errorf("%w: message %d of room number %d", ErrDamaged, seq, num)
		}
	}
	return fmt.Errorf("%w: the record %q of %s", ErrDamaged, key, bucketNames[id])
}

// checkID refuses an id that cannot be part of a key.
func checkID(id string) error {
	if id == "" || strings.IndexByte(id, 0) >= 0 {
		return fmt.Errorf("%q is not an id", id)
	}
	return nil
}

// pair is the key of two ids: the first, NUL, the second. Ids hold no NUL.
func pair(a, b string) []byte {
	key := make([]byte, 0, len(a)+1+len(b))
	key = append(key, a...)
	key = append(key, 0)
	return append(key, b...)
}
