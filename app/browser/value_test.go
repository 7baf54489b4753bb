package browser

import (
	"bytes"
	"testing"
)

func FuzzValue(f *testing.F) {
	f.Add([]byte(`{"a":"好"}`))
	f.Add([]byte{0xff, 0, 1})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, value []byte) {
		got, err := decodeValue(encodeValue(value))
		if err != nil || !bytes.Equal(got, value) {
			t.Fatalf("%q came back as %q, %v", value, got, err)
		}
	})
}

func TestDecodeValueOfOthers(t *testing.T) {
	for _, s := range []string{"", "x"} {
		if v, err := decodeValue(s); v != nil || err != nil {
			t.Errorf("decodeValue(%q) = %q, %v", s, v, err)
		}
	}
	if _, err := decodeValue("b*"); err == nil {
		t.Error("broken base64 was taken")
	}
}
