package texts

import (
	"testing"

	"parley/shared/wire"
)

// TestPlaces: where a file is wrong is told in every language, also where what is
// wrong is not known in it.
func TestPlaces(t *testing.T) {
	for said, want := range map[string]string{
		"Line 70001: The text is empty.":                                      "第 70001 行：消息不能为空。",
		"Line 3: The time 2030-01-01T00:00:00.000Z lies in the future.":       "第 3 行：时间 2030-01-01T00:00:00.000Z 在将来。",
		"Line 3: What nobody foresaw.":                                        "第 3 行：What nobody foresaw.",
		"general/2020-01-02.json, message 7: The time \"soon\" is none.":      "general/2020-01-02.json 第 7 条消息：\"soon\" 不是时间。",
		"The zip file has \"../../etc/passwd\" in it, which leads out of it.": "zip 文件里的 \"../../etc/passwd\" 指向了文件之外。",
		"a/1.json is not what Slack exports: it is not JSON.":                 "a/1.json 不是 Slack 导出的内容：不是 JSON。",
		"a/1.json is not what Slack exports: its entry 2 has another form.":   "a/1.json 不是 Slack 导出的内容：第 2 项的格式不对。",
		"a/1.json breaks off in the middle.":                                  "a/1.json 不完整，中途断了。",
		"Line 7: It breaks off: a line is one whole JSON object.":             "第 7 行：这一行不完整：每行应是一个完整的 JSON 对象。",
		"Line 7: It is not JSON: its character 26 cannot stand there.":        "第 7 行：不是 JSON：第 26 个字符有误。",
		"Line 7: Its \"seq\" must be a whole number.":                         "第 7 行：\"seq\" 应是整数。",
		"Line 7: The JSON names \"text\" twice.":                              "第 7 行：JSON 里 \"text\" 出现了两次。",
	} {
		if got := Chinese.Detail(wire.Errorf(wire.CodeBadRequest, "%s", said)); got != want {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}
