package texts

// Lab are the words of the Connection Lab.
type Lab struct {
	// What became of a rung, as a clause: "SSE is held back".
	Unsure, Fine, BarredSilently, Mute, NoWay, Another func(rung string) string
	BarredBetween, BarredHere                          func(rung string, status string) string
	Late, Short                                        func(rung, time string) string

	Uses                      func(rung string) string // the sum of it
	Nothing                   string
	Sentence                  func(clauses []string, sum string) string
	Milli                     func(n string) string // a time in milliseconds
	Seconds                   func(n string) string
	PassThrough, PassOn, Wait string // what to change
}

// LabEnglish are the lab's words in English.
var LabEnglish = Lab{
	Unsure: func(rung string) string { return rung + " has not shown anything yet" },
	Fine:   func(rung string) string { return rung + " works" },
	BarredSilently: func(rung string) string {
		return rung + " does not come to be; something between you and the server stops it"
	},
	Mute: func(rung string) string {
		return rung + " stays silent: it is opened, or so it seems, and nothing comes"
	},
	NoWay:   func(rung string) string { return rung + " does not reach the server at all" },
	Another: func(rung string) string { return rung + " is answered by something that is not Parley" },
	BarredBetween: func(rung, status string) string {
		return rung + " is refused with " + status + " by something between you and the server"
	},
	BarredHere: func(rung, status string) string { return rung + " is refused with " + status + " by the server" },
	Late: func(rung, time string) string {
		return rung + " is held back: something collects what is sent and passes it on up to " + time + " late"
	},
	Short:   func(rung, time string) string { return rung + " is cut after " + time },
	Uses:    func(rung string) string { return "Parley uses " + rung + "." },
	Nothing: "Nothing gets through here.",
	Sentence: func(clauses []string, sum string) string {
		s := ""
		for i, c := range clauses {
			if i > 0 {
				s += "; "
			}
			s += c
		}
		return s + ". " + sum
	},
	Milli:       func(n string) string { return n + " ms" },
	Seconds:     func(n string) string { return n + " s" },
	PassThrough: "Let the proxy pass WebSockets on:",
	PassOn:      "Let the proxy pass on at once what is streamed, without collecting or compressing it:",
	Wait:        "Give connections more time; a feed is silent for up to 15 seconds, and a long poll waits for 25:",
}

// LabChinese are the lab's words in Chinese.
var LabChinese = Lab{
	Unsure: func(rung string) string { return rung + " 还没有结果" },
	Fine:   func(rung string) string { return rung + " 正常" },
	BarredSilently: func(rung string) string {
		return rung + " 无法建立，被你与服务器之间的某个环节拦截"
	},
	Mute:    func(rung string) string { return rung + " 看似已连接，却收不到任何数据" },
	NoWay:   func(rung string) string { return rung + " 完全无法到达服务器" },
	Another: func(rung string) string { return rung + " 的回应不是来自 Parley" },
	BarredBetween: func(rung, status string) string {
		return rung + " 被你与服务器之间的某个环节以 " + status + " 拒绝"
	},
	BarredHere: func(rung, status string) string { return rung + " 被服务器以 " + status + " 拒绝" },
	Late: func(rung, time string) string {
		return rung + " 被滞留：中间环节攒着数据，最多晚 " + time + " 才放行"
	},
	Short:   func(rung, time string) string { return rung + " 在 " + time + "后被切断" },
	Uses:    func(rung string) string { return "Parley 使用" + rung + "。" },
	Nothing: "这里没有任何方式能连通。",
	Sentence: func(clauses []string, sum string) string {
		s := ""
		for i, c := range clauses {
			if i > 0 {
				s += "；"
			}
			s += c
		}
		return s + "。" + sum
	},
	Milli:       func(n string) string { return n + " 毫秒" },
	Seconds:     func(n string) string { return n + " 秒" },
	PassThrough: "让代理放行 WebSocket：",
	PassOn:      "让代理立即转发流式数据，不要缓存或压缩：",
	Wait:        "延长连接的超时时间；消息流最多静默 15 秒，长轮询会等待 25 秒：",
}
