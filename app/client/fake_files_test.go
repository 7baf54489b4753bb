package client

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"parley/shared/wire"
)

// fakeFile is a file at the fakeServer.
type fakeFile struct {
	wire.File
	data    []byte
	message string // nonce of the message that has it
}

// createFile begins a file. mu is held.
func (s *fakeServer) createFile(a wire.CreateFile) (any, *wire.Problem) {
	id := "file-" + a.Nonce
	f := s.files[id]
	if f == nil {
		f = &fakeFile{File: wire.File{ID: id, Name: a.Name, Type: a.Type, Size: a.Size, Width: a.Width, Height: a.Height}}
		s.files[id] = f
	}
	if f.Name != a.Name || f.Type != a.Type || f.Size != a.Size {
		return nil, wire.Errorf(wire.CodeConflict, "The nonce is taken.")
	}
	return wire.Upload{File: f.File, Offset: int64(len(f.data))}, nil
}

// putPiece takes a piece of a file. The refusals are those of the command "put".
func (s *fakeServer) putPiece(id string, offset int64, data []byte) (any, *wire.Problem) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.signedOut {
		return nil, wire.Errorf(wire.CodeUnauthenticated, "Sign in.")
	}
	if s.refuse != nil {
		if p := s.refuse("put"); p != nil {
			return nil, p
		}
	}
	f := s.files[id]
	if f == nil {
		return nil, wire.Errorf(wire.CodeNotFound, "There is no such file.")
	}
	have, n := int64(len(f.data)), int64(len(data))
	switch {
	case offset < have:
	case offset > have:
		return nil, wire.Errorf(wire.CodeConflict, "It has %d bytes.", have)
	case n == 0 || have+n > f.Size || n != wire.ChunkSize && have+n != f.Size:
		return nil, wire.Errorf(wire.CodeBadRequest, "A piece of %d bytes.", n)
	default:
		f.data = append(f.data, data...)
	}
	return wire.Upload{File: f.File, Offset: int64(len(f.data))}, nil
}

// mayAttach refuses files that are not whole, or another message's. mu is held.
func (s *fakeServer) mayAttach(ids []string) *wire.Problem {
	for _, id := range ids {
		if f := s.files[id]; f == nil || f.message != "" || int64(len(f.data)) != f.Size {
			return wire.Errorf(wire.CodeBadRequest, "There is no file %q to attach.", id)
		}
	}
	return nil
}

// attach gives a message its files. mu is held.
func (s *fakeServer) attach(a wire.Send) (list []wire.File) {
	for _, id := range a.Files {
		s.files[id].message = a.Nonce
		list = append(list, s.files[id].File)
	}
	return list
}

// hasMessage tells whether a file has one.
func (s *fakeServer) hasMessage(nonce string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files["file-"+nonce]
	return f != nil && f.message != ""
}

// cutFiles takes bytes from the ends of the files that no message has.
func (s *fakeServer) cutFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.message == "" {
			f.data = f.data[:len(f.data)/2/wire.ChunkSize*wire.ChunkSize]
		}
	}
}

// loseFiles deletes the files that no message has.
func (s *fakeServer) loseFiles() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, f := range s.files {
		if f.message == "" {
			delete(s.files, id)
		}
	}
}

// fakeBlob is a file on the disk of a person.
type fakeBlob struct {
	mu    sync.Mutex
	data  []byte
	gone  bool
	hang  bool
	reads int
}

// newBlob makes one of so many bytes, which no other has.
func newBlob(seed uint64, size int) *fakeBlob {
	data := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)}).Read(data)
	return &fakeBlob{data: data}
}

func (b *fakeBlob) Size() int64 { return int64(len(b.data)) }

func (b *fakeBlob) Read(ctx context.Context, from, to int64) ([]byte, error) {
	if err := pause(ctx, time.Millisecond); err != nil {
		return nil, err
	}
	b.mu.Lock()
	gone, hang := b.gone, b.hang
	b.reads++
	b.mu.Unlock()
	switch {
	case hang:
		<-ctx.Done()
		return nil, ctx.Err()
	case gone:
		return nil, errGone
	}
	return slices.Clone(b.data[from:to]), nil
}

// lose takes it from the disk.
func (b *fakeBlob) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gone = true
}

// fakeBlobs is a Blobs over the runs of a client. What is deleted cannot be read
// any more, also by those who have it.
type fakeBlobs struct {
	mu      sync.Mutex
	values  map[string]*fakeBlob
	refuse  error
	hang    bool
	slow    time.Duration
	room    int64 // bytes that there is room for; 0: any number
	puts    int
	deleted []string
	server  *fakeServer
	full    func() bool // there is no room, whatever room says
	early   []string    // deleted before a message had it
}

func newFakeBlobs(s *fakeServer) *fakeBlobs {
	return &fakeBlobs{values: map[string]*fakeBlob{}, server: s}
}

// set changes how it behaves.
func (s *fakeBlobs) set(change func(s *fakeBlobs)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *fakeBlobs) wait(ctx context.Context) error {
	s.mu.Lock()
	hang, refuse, slow := s.hang, s.refuse, s.slow
	s.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	if refuse != nil {
		return refuse
	}
	return pause(ctx, time.Millisecond+slow)
}

func (s *fakeBlobs) Put(ctx context.Context, key string, b Blob) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	data, err := b.Read(ctx, 0, b.Size())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	used := b.Size()
	for _, v := range s.values {
		used += v.Size()
	}
	if s.room > 0 && used > s.room || s.full != nil && s.full() {
		return ErrFull
	}
	s.puts++
	s.values[key] = &fakeBlob{data: data}
	return nil
}

func (s *fakeBlobs) Get(ctx context.Context, key string) (Blob, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.values[key]; b != nil {
		return b, nil
	}
	return nil, nil
}

func (s *fakeBlobs) Delete(ctx context.Context, key string) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.values[key]; b != nil {
		b.lose()
		delete(s.values, key)
		s.deleted = append(s.deleted, key)
		if !s.server.hasMessage(key[strings.LastIndexByte(key, '/')+1:]) {
			s.early = append(s.early, key)
		}
	}
	return nil
}

func (s *fakeBlobs) Keys(ctx context.Context, prefix string) ([]string, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	return s.keys(prefix), nil
}

func (s *fakeBlobs) keys(prefix string) (keys []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.values {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// post says something with files of these sizes, and gives their bytes.
func (w *world) post(text string, sizes ...int) (nonce string, blobs []*fakeBlob) {
	w.Helper()
	d := Draft{Text: text}
	for i, size := range sizes {
		b := newBlob(w.server.rand.Uint64(), size)
		blobs = append(blobs, b)
		d.Files = append(d.Files, Attachment{Name: fmt.Sprintf("%s %d.png", text, i), Type: "image/png", Width: 3, Height: 4, Blob: b})
	}
	nonce, err := w.client.Post("lobby", d)
	if err != nil {
		w.Fatal(err)
	}
	return nonce, blobs
}

// whole fails unless a message that the server has carries exactly these files.
func (w *world) whole(m wire.Message, blobs []*fakeBlob) {
	w.Helper()
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	if len(m.Files) != len(blobs) {
		w.Fatalf("message %d has %d files, not %d", m.Seq, len(m.Files), len(blobs))
	}
	for i, f := range m.Files {
		if !bytes.Equal(w.server.files[f.ID].data, blobs[i].data) {
			w.Errorf("file %d of message %d is not what was sent", i, m.Seq)
		}
	}
}

// allSent is sent, and nothing is kept of files either.
func (w *world) allSent(limit time.Duration) {
	w.Helper()
	w.sent(limit)
	w.until("files deleted", 10*time.Second, func() bool { return len(w.blobs.keys("")) == 0 })
	if len(w.blobs.early) > 0 {
		w.Errorf("deleted before they were sent: %q", w.blobs.early)
	}
}
