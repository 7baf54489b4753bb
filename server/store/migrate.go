package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
)

// migrations are by the format that they start from: the first one makes 2 of 1.
var migrations = []func(*Tx) error{migrateTo2, migrateTo3}

// migrate brings a file of an older format up to date, in one transaction and
// after a copy of the file as it was: "parley.db.format1.2345", where the last
// number is that of its newest commit.
func (db *DB) migrate() error {
	var format, commit int
	err := db.View(func(tx *Tx) (err error) {
		commit = tx.bolt.ID()
		format, err = strconv.Atoi(string(tx.bucket(metaBucket).Get(keyFormat)))
		return err
	})
	if err != nil || format >= formatVersion {
		return err
	}
	old := fmt.Sprintf("%s.format%d.%d", db.path, format, commit)
	_ = os.Remove(old + ".part") // of a start that was cut off: the file is ours
	if err := db.Backup(old); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return db.Update(func(tx *Tx) error {
		for ; format < formatVersion; format++ {
			if err := migrations[format-1](tx); err != nil {
				return fmt.Errorf("bring format %d up to date: %w", format, err)
			}
		}
		return tx.setFormat(formatVersion)
	})
}

// migrateTo2 makes the indexes of what is there already. Nothing was edited in
// format 1, so there are neither revisions nor changes to note.
func migrateTo2(tx *Tx) error {
	if err := tx.createBuckets(bucketNames[roomNamesBucket:filesBucket]); err != nil {
		return err
	}
	err := tx.Rooms(func(r Room) error {
		return tx.putRoomName(r.Room)
	})
	if err != nil {
		return err
	}
	return tx.scan(sessionsBucket, nil, func(key, value []byte) error {
		var s Session
		if json.Unmarshal(value, &s) != nil {
			return damagedRecord(sessionsBucket, key)
		}
		return tx.put(loginsBucket, pair(s.User, string(key)), nil)
	})
}
