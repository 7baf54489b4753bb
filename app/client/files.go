package client

import "context"

// Blob is the bytes of a file, wherever they are. Methods may be called
// concurrently.
type Blob interface {
	Size() int64
	// Read gives the bytes from one place to before another. It fails when the file
	// has changed or is gone.
	Read(ctx context.Context, from, to int64) ([]byte, error)
}

// Blobs keeps files over the end of the page until they are sent. Keys are those of
// a [Database], and errors are as there.
type Blobs interface {
	Put(ctx context.Context, key string, b Blob) error
	// Get gives what was kept, nil if there is nothing.
	Get(ctx context.Context, key string) (Blob, error)
	Delete(ctx context.Context, key string) error
	Keys(ctx context.Context, prefix string) ([]string, error)
}

// Attachment is a file that is to be sent.
type Attachment struct {
	Name, Type    string
	Width, Height int // of a picture, as it is shown; 0: not known
	Blob          Blob

	lent string // its nonce, if it was discarded with a message
}

// Draft is a message that is to be sent.
type Draft struct {
	Text    string
	ReplyTo uint64       // seq of a message of the room, 0 for none
	Files   []Attachment // with any, Text may be empty
}

// OutgoingFile is a file of a message of the outbox.
type OutgoingFile struct {
	Attachment
	Nonce string // names it among the files of its sender
	Sent  int64  // bytes that are at the server

	id string // at the server; empty: not known yet
}
