package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// File is something attached to a message. Its bytes are at [File.Path].
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // media type, as its sender has it
	Size int64  `json:"size"` // bytes

	// Of a picture, as its sender has it: the pixels that it is shown with.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
}

// FilePath is in front of a file's id where its bytes are.
const FilePath = "/files/"

// Path is where the bytes are, for those who may see the message.
func (f File) Path() string { return FilePath + f.ID }

// Picture tells whether browsers show the file as a picture.
func (f File) Picture() bool {
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return true
	}
	return false
}

// CreateFile begins a file that is to be sent; the result is the [Upload]. The same
// Nonce again, with the same Name, Type and Size, gives the same one: who was cut
// off asks how far it has come. Its bytes follow in pieces of [ChunkSize], each as
// the body of
//
//	POST /api/v1/files/ID?offset=N
//
// of the type application/octet-stream, answered by the Upload. A file that no
// message has within [UploadLife] is deleted.
type CreateFile struct {
	Nonce  string `json:"nonce"`
	Name   string `json:"name"`
	Type   string `json:"type,omitempty"`
	Size   int64  `json:"size"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// Upload is how far a file has come.
type Upload struct {
	File   File  `json:"file"`
	Offset int64 `json:"offset"` // bytes that are there; all when it is File.Size
}

// OctetStream is the media type of bytes of which nothing is known.
const OctetStream = "application/octet-stream"

// CleanFileName is a file's name as it is stored: without the folders in front of
// it. The error is a Problem.
func CleanFileName(name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", Errorf(CodeBadRequest, "The file's name is not UTF-8.")
	}
	name = strings.TrimSpace(name[strings.LastIndexAny(name, `/\`)+1:])
	switch {
	case name == "." || name == ".." || !strings.ContainsFunc(name, Visible):
		return "", Errorf(CodeBadRequest, "The file has no name.")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return "", Errorf(CodeBadRequest, "The file's name has a character that cannot be printed.")
	case utf8.RuneCountInString(name) > MaxFileName:
		return "", Errorf(CodeBadRequest, "The file's name is longer than %d characters.", MaxFileName)
	}
	return name, nil
}

// CleanFileType is a media type as it is stored: in small letters and without
// parameters, [OctetStream] for what is none (RFC 6838, section 4.2).
func CleanFileType(media string) string {
	media, _, _ = strings.Cut(media, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	kind, sub, ok := strings.Cut(media, "/")
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("!#$&-^_.+", r)
	}
	if !ok || kind == "" || sub == "" || len(media) > MaxFileType || strings.ContainsFunc(kind+sub, odd) {
		return OctetStream
	}
	return media
}
