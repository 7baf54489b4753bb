package store

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"parley/shared/wire"
)

// What a decoder accepts must come back byte by byte from its encoder; what it
// does not must be refused without harm.

func FuzzDecodeEvent(f *testing.F) {
	for _, e := range []Event{
		{Audience: ToMembers(), Data: []byte("{}")},
		{Time: 1 << 40, Audience: ToRoom("lobby"), Data: []byte(`{"message":{"room":"lobby"}}`), Owner: "ann", Nonce: `"n"`},
		{Time: -1, Audience: ToUser("ann"), Data: []byte(`{"read":{}}`)},
	} {
		f.Add(e.encode())
	}
	f.Add([]byte("\x00\x00\x00\x00\x00\x00\x00\x00r\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, value []byte) {
		e, ok := decodeEvent(7, value)
		if !ok {
			return
		}
		again, ok := decodeEvent(7, e.encode()) // lengths may have been written longer than needed
		if !ok || !bytes.Equal(again.encode(), e.encode()) || e.Offset != 7 {
			t.Errorf("%x became %+v", value, e)
		}
		e.ForOwner()
	})
}

func FuzzDecodeNonce(f *testing.F) {
	f.Add(Nonce{Room: "lobby", Seq: 3, Hash: HashOf("x")}.encode())
	f.Add(make([]byte, 41))
	f.Fuzz(func(t *testing.T, value []byte) {
		if n, ok := decodeNonce(value); ok && (!bytes.Equal(n.encode(), value) || n.Room == "" || n.Seq == 0) {
			t.Errorf("%x became %+v", value, n)
		}
	})
}

func FuzzDecodeMessage(f *testing.F) {
	f.Add(wire.Encode(wire.Message{Room: "lobby", Seq: 3, Author: "ann", Text: "陈", Nonce: "n"}))
	f.Add([]byte(`{"room":"lobby","seq":3,"edited":null}`))
	f.Fuzz(func(t *testing.T, value []byte) {
		m, err := decodeMessage("lobby", 3, value)
		if err != nil {
			return
		}
		again, err := decodeMessage("lobby", 3, wire.Encode(m))
		if err != nil || !bytes.Equal(wire.Encode(again), wire.Encode(m)) {
			t.Errorf("%s became %+v: %v", value, m, err)
		}
	})
}

func FuzzUnseal(f *testing.F) {
	f.Add([]byte("key"), seal([]byte("key"), []byte("value")))
	f.Fuzz(func(t *testing.T, key, sealed []byte) {
		if value, ok := unseal(key, sealed); ok && !bytes.Equal(seal(key, value), sealed) {
			t.Errorf("%x", sealed)
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add("ABCDEFGHIJKL-0")
	f.Add("ABCDEFGHIJKL-18446744073709551615")
	f.Fuzz(func(t *testing.T, s string) {
		epoch, offset, err := ParseCursor(s)
		if err == nil && FormatCursor(epoch, offset) != s {
			t.Errorf("%q became %q, %d", s, epoch, offset)
		}
		if err != nil && wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q: %v", s, err)
		}
	})
}

// FuzzPages walks through whatever calls itself a data file.
func FuzzPages(f *testing.F) {
	golden, err := os.ReadFile(fmt.Sprintf(goldenPath, formatVersion))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden, uint32(0), uint64(0))
	f.Add(golden, uint32(3*4096+8), uint64(leafPage))
	f.Fuzz(func(t *testing.T, data []byte, at uint32, to uint64) {
		if len(data) >= 8 { // random bytes rarely stay a page
			at := int(at) % (len(data) - 7)
			data = bytes.Clone(data)
			order.PutUint64(data[at:], to)
		}
		r := bytes.NewReader(data)
		_ = checkHead(r, int64(len(data)))
		m, err := readMeta(r)
		if err != nil || m.pages > uint64(len(data)) {
			return
		}
		newPageWalk(r, m.pageSize, m.pages, func(string, ...any) {}).tree(m.root, nil, nil, 0)
	})
}
