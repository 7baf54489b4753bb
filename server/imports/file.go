package imports

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
	"slices"
	"time"

	"parley/shared/wire"
)

// File is a file of messages that lies on the disk. Close it.
type File struct {
	file *os.File
	zip  *slackFile // nil: NDJSON
	now  time.Time
}

// Options say how to read a file.
type Options struct {
	Channel string    // of a Slack export: which; empty where there is one
	Now     time.Time // what lies after it is in the future
}

// Open opens a file, whatever is in it.
func Open(path string, o Options) (*File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open an import: %w", err)
	}
	f := &File{file: file, now: o.Now}
	magic := make([]byte, 4)
	n, err := io.ReadFull(file, magic)
	if err == nil && string(magic) == "PK\x03\x04" {
		f.zip, err = openSlack(file, o.Channel)
	} else if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
		if n == 0 {
			err = wire.Errorf(wire.CodeBadRequest, "The file is empty.")
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return f, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Each calls fn for each message in the file's order, until it returns an error,
// which comes back, or ctx ends.
func (f *File) Each(ctx context.Context, fn func(Line) error) error {
	each := f.eachLine
	if f.zip != nil {
		each = func(fn func(Line) error) error { return f.zip.each(ctx, fn) }
	}
	return each(func(l Line) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := l.check(f.now); err != nil {
			return err
		}
		return fn(l)
	})
}

// eachLine reads NDJSON.
func (f *File) eachLine(fn func(Line) error) error {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read an import: %w", err)
	}
	r := bufio.NewReaderSize(f.file, maxLine)
	for number := 1; ; number++ {
		l := Line{Place: fmt.Sprint("Line ", number)}
		data, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return l.problemOf(wire.CodeTooLarge, "It is longer than %d bytes.", maxLine)
		case err != nil && !errors.Is(err, io.EOF):
			return fmt.Errorf("read an import: %w", err)
		}
		if isBlank(data) {
			if err != nil {
				return nil
			}
			continue
		}
		if problem := wire.Decode(data, &l); problem != nil {
			return l.fault(data, problem)
		}
		if problem := fn(l); problem != nil || err != nil {
			return problem
		}
	}
}

func isBlank(data []byte) bool {
	for _, c := range data {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// Summary is what a file holds.
type Summary struct {
	Messages int
	Authors  []string // names, ascending; without the empty one
}

// Check reads the whole file and finds what is wrong with it, each line for
// itself and all together.
func (f *File) Check(ctx context.Context) (Summary, error) {
	var s Summary
	c := checker{seed: maphash.MakeSeed(), nonces: map[uint64]uint64{}, authors: map[string]bool{}}
	err := f.Each(ctx, func(l Line) error {
		s.Messages++
		return c.line(l, s.Messages)
	})
	if err == nil && s.Messages == 0 {
		err = wire.Errorf(wire.CodeBadRequest, "There is no message in the file.")
	}
	for name := range c.authors {
		s.Authors = append(s.Authors, name)
	}
	slices.Sort(s.Authors)
	return s, err
}

// checker is what is remembered of the lines before.
type checker struct {
	seed    maphash.Seed
	nonces  map[uint64]uint64 // hash of author and nonce to that of the content
	authors map[string]bool
	last    uint64 // Seq of the line before
}

func (c *checker) line(l Line, count int) error {
	if count > MaxLines {
		return wire.Errorf(wire.CodeTooLarge, "The file has more than %d messages.", MaxLines)
	}
	if l.Author != "" {
		c.authors[l.Author] = true
	}
	for _, r := range l.Reactions {
		for _, name := range r.Users {
			c.authors[name] = true
		}
	}
	if len(c.authors) > maxReactors {
		return wire.Errorf(wire.CodeTooLarge, "The file has more than %d authors.", maxReactors)
	}
	key, content := maphash.String(c.seed, l.Author+"\x00"+l.Nonce), maphash.String(c.seed, l.Text)
	if before, ok := c.nonces[key]; ok && before != content {
		return l.problem("Its nonce is that of another message of the file.")
	}
	c.nonces[key] = content
	if l.Seq != 0 {
		if l.Seq <= c.last {
			return l.problem("Its seq %d is not after the one before, %d.", l.Seq, c.last)
		}
		c.last = l.Seq
	}
	if l.ReplyTo != 0 && (l.Seq == 0 || l.ReplyTo >= l.Seq) {
		return l.problem("It answers message %d, which does not come before it.", l.ReplyTo)
	}
	return nil
}

func asProblem(err error, p **wire.Problem) bool { return errors.As(err, p) }

// newZip is the directory of a zip file.
func newZip(file *os.File) (*zip.Reader, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, fmt.Errorf("read an import: %w", err)
	}
	r, err := zip.NewReader(file, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, wire.Errorf(wire.CodeBadRequest, "The zip file is damaged.")
	}
	return r, nil
}
