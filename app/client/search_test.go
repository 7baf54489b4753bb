//go:build !js

package client

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestSearch(t *testing.T) {
	var asked url.Values
	n := native(t, "", func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Query()
		if r.URL.Path != base+"/search" || asked.Get("q") == "before:soon" {
			w.Header().Set("Content-Type", wire.ProblemType)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write(wire.Encode(wire.Errorf(wire.CodeBadRequest, "No.")))
			return
		}
		found := wire.Found{Message: wire.Message{Room: "lobby", Seq: 3, Text: "去上海"}, Highlights: [][2]int{{1, 3}}}
		_, _ = w.Write(wire.Encode(wire.FoundList{Messages: []wire.Found{found}, More: true, Next: "1-3-lobby", Incomplete: true}))
	})
	c := New(Config{Net: n})
	list, err := c.Search(t.Context(), Search{Query: `上海 & "a=b"`, Room: "lobby", Next: "7-9-den", Limit: 20})
	if err != nil || !list.More || list.Next != "1-3-lobby" || !list.Incomplete || len(list.Messages) != 1 ||
		list.Messages[0].Text != "去上海" || list.Messages[0].Highlights[0] != [2]int{1, 3} {
		t.Errorf("%+v, %v", list, err)
	}
	want := url.Values{"q": {`上海 & "a=b"`}, "room": {"lobby"}, "before": {"7-9-den"}, "limit": {"20"}}
	if _, east := time.Now().Zone(); east != 0 {
		want.Set("zone", strconv.Itoa(east/60))
	}
	if asked.Encode() != want.Encode() {
		t.Errorf("asked %v, want %v", asked, want)
	}
	if _, err := c.Search(t.Context(), Search{Query: "x"}); err != nil || len(asked["room"])+len(asked["before"])+len(asked["limit"]) > 0 {
		t.Errorf("asked %v, %v", asked, err)
	}
	if _, err := c.Search(t.Context(), Search{Query: "before:soon"}); wire.CodeFrom(err) != wire.CodeBadRequest {
		t.Error(err)
	}
}
