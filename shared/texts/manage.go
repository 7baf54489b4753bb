package texts

import "parley/shared/wire"

// Manage is what the screens say in which people, rooms and settings are looked
// after. It is a part of [Texts].
type Manage struct {
	between string // names in a list where there is no Intl

	// Direct and archived rooms
	Direct, NewDirect, DirectLead, FindPeople, Start, WriteTo string
	Archived, ArchivedLine, NobodyFound                       string
	Self                                                      func(name string) string

	// People
	Owner, Admin, Member, Deactivated, Role, ChangeRole, Save, Saved string
	RemoveFromRoom, Remove, RemoveLead, Deactivate, DeactivateLead   string
	Reactivate, StepDown, StepDownLead, MakeOwnerLead                string
	MakeOwner, DeactivateTitle                                       func(name string) string
	RemoveTitle                                                      func(name, room string) string

	// A room
	RoomSettings, General, Notifications, NotifyAll, NotifyMentions, NotifyNothing string
	NotifyDefault, NotifyUsually, NotifyUsuallyHint                                string
	Archive, Unarchive, LeaveLead, Export, ExportLead, ExportHTML, ExportNDJSON    string
	LeaveTitle                                                                     func(room string) string
	Import, ImportLead, ImportElsewhere, ChooseFile, Channel, ChannelHint          string
	MakeNames, MakeNamesHint, Sending, Checking                                    string
	Imported, PerSecond                                                            func(Number) string
	ImportedOf                                                                     func(n, of Number) string
	TimeLeft                                                                       func(n Number, minutes bool) string

	// The community
	People, Invites, AuditLog, NoInvites, Revoke, OlderEntries string
	Until                                                      func(when string) string
	UsesLeft                                                   func(Number) string
	audit                                                      map[wire.AuditAction]string // nil: as the server says
	aRoom, commandLine                                         string

	// Settings
	Account, CurrentPassword, NewPassword, ChangePassword, PasswordChanged string
	Devices, ThisDevice, UnknownDevice                                     string
	Tokens, Token, TokensLead, BotName, MakeToken, TokenOnce, Copy         string
	NoTokens, RevokeLead                                                   string
	LastSeen, RevokeTitle                                                  func(string) string
	MadeBy                                                                 func(name, when string) string
}

// ManageEnglish is Manage in English.
var ManageEnglish = Manage{
	between: ", ",

	Direct:       "Direct messages",
	NewDirect:    "New message",
	DirectLead:   "Choose one or several people. Only they can read it.",
	FindPeople:   "Find people",
	Start:        "Start",
	WriteTo:      "Message",
	Archived:     "Archived",
	ArchivedLine: "This room is archived. It can only be read.",
	NobodyFound:  "Nobody is called that.",
	Self:         func(name string) string { return name + " (you)" },

	Owner: "owner", Admin: "admin", Member: "member", Deactivated: "deactivated",
	Role:            "Role",
	ChangeRole:      "Change role",
	Save:            "Save",
	Saved:           "Saved.",
	RemoveFromRoom:  "Remove from this room",
	Remove:          "Remove",
	RemoveLead:      "They no longer see what is said there. A member can add them again.",
	Deactivate:      "Deactivate",
	DeactivateLead:  "This ends their logins and tokens at once. Their name and what they have said stay. You can let them in again.",
	Reactivate:      "Let in again",
	StepDown:        "Give this role up?",
	StepDownLead:    "You cannot give it back to yourself.",
	MakeOwnerLead:   "Owners decide about everything and everybody, you included.",
	MakeOwner:       func(name string) string { return "Make " + name + " an owner?" },
	DeactivateTitle: func(name string) string { return "Deactivate " + name + "?" },
	RemoveTitle:     func(name, room string) string { return "Remove " + name + " from " + room + "?" },

	RoomSettings:   "Room settings",
	General:        "General",
	Notifications:  "Notifications",
	NotifyAll:      "All messages",
	NotifyMentions: "Mentions",
	NotifyNothing:  "Nothing",
	NotifyDefault:  "My default",

	NotifyUsually:     "Notify me of",
	NotifyUsuallyHint: "On all your devices, in every room without a choice of its own. A direct message counts as a mention.",

	Archive:         "Archive room",
	Unarchive:       "Take out of the archive",
	LeaveLead:       "It is private: somebody in it has to add you before you can come back.",
	Export:          "Export",
	ExportLead:      "All messages of this room in one file.",
	ExportHTML:      "To read (HTML)",
	ExportNDJSON:    "To import again (NDJSON)",
	LeaveTitle:      func(room string) string { return "Leave " + room + "?" },
	Import:          "Import",
	ImportLead:      "Choose a file, or drop one here: an export of Parley (NDJSON) or of Slack (zip). All of it is checked first.",
	ImportElsewhere: "Messages are being imported into another room.",
	ChooseFile:      "Choose a file",
	Channel:         "Channel",
	ChannelHint:     "Which of Slack's channels. You can leave it empty if there is only one.",
	MakeNames:       "Make names for people who are not here",
	MakeNamesHint:   "They cannot sign in. Without this, unknown authors stop the import.",
	Sending:         "Sending the file…",
	Checking:        "Checking the file…",
	Imported:        func(n Number) string { return plural(n, "message imported.", "messages imported.") },
	PerSecond:       func(n Number) string { return n.Written + " a second" },
	ImportedOf:      func(n, of Number) string { return n.Written + " of " + of.Written },
	TimeLeft: func(n Number, minutes bool) string {
		if minutes {
			return n.Written + " min left"
		}
		return n.Written + " s left"
	},

	People:       "People",
	Invites:      "Invites",
	AuditLog:     "Audit log",
	NoInvites:    "There are no invites that still work.",
	Revoke:       "Revoke",
	OlderEntries: "Older entries",
	Until:        func(when string) string { return "until " + when },
	UsesLeft:     func(n Number) string { return plural(n, "use left", "uses left") },
	aRoom:        "a room",
	commandLine:  "the server's command line",

	Account:         "Account",
	CurrentPassword: "Current password",
	NewPassword:     "New password",
	ChangePassword:  "Change password",
	PasswordChanged: "Your password has been changed. Other devices have been signed out.",
	Devices:         "Devices",
	ThisDevice:      "This device",
	UnknownDevice:   "Unknown device",
	Tokens:          "API tokens",
	Token:           "Token",
	TokensLead:      "With a token a program can read and write as a bot.",
	BotName:         "Name of the bot",
	MakeToken:       "Create token",
	TokenOnce:       "Copy the token now. It is shown only this once.",
	Copy:            "Copy",
	NoTokens:        "There are no tokens.",
	RevokeLead:      "Programs that use this token are shut out at once, and the bot is deactivated. This cannot be undone.",
	LastSeen:        func(day string) string { return "Last used: " + day },
	RevokeTitle:     func(name string) string { return "Revoke the token of " + name + "?" },
	MadeBy:          func(name, when string) string { return "Made by " + name + ", " + when },
}

// ManageChinese is Manage in Chinese.
var ManageChinese = Manage{
	between: "、",

	Direct:       "私信",
	NewDirect:    "发起私信",
	DirectLead:   "选择一个人或几个人，只有他们能看到。",
	FindPeople:   "查找成员",
	Start:        "开始",
	WriteTo:      "发私信",
	Archived:     "已归档",
	ArchivedLine: "此房间已归档，只能查看。",
	NobodyFound:  "没有叫这个名字的人。",
	Self:         func(name string) string { return name + "（你）" },

	Owner: "所有者", Admin: "管理员", Member: "成员", Deactivated: "已停用",
	Role:            "身份",
	ChangeRole:      "更改身份",
	Save:            "保存",
	Saved:           "已保存。",
	RemoveFromRoom:  "移出此房间",
	Remove:          "移出",
	RemoveLead:      "对方将看不到之后的消息，可以由房间成员重新添加。",
	Deactivate:      "停用账号",
	DeactivateLead:  "对方的登录和令牌会立即失效，名字和说过的话会保留。以后可以恢复。",
	Reactivate:      "恢复账号",
	StepDown:        "要放弃这个身份吗？",
	StepDownLead:    "之后你无法自己恢复。",
	MakeOwnerLead:   "所有者可以决定一切，也包括关于你的事。",
	MakeOwner:       func(name string) string { return "让“" + name + "”成为所有者吗？" },
	DeactivateTitle: func(name string) string { return "要停用“" + name + "”吗？" },
	RemoveTitle:     func(name, room string) string { return "要把“" + name + "”移出“" + room + "”吗？" },

	RoomSettings:   "房间设置",
	General:        "常规",
	Notifications:  "通知",
	NotifyAll:      "所有消息",
	NotifyMentions: "提到我时",
	NotifyNothing:  "不通知",
	NotifyDefault:  "默认",

	NotifyUsually:     "默认通知",
	NotifyUsuallyHint: "适用于你的所有设备，以及没有单独设置的房间。私信等同于提到你。",

	Archive:         "归档房间",
	Unarchive:       "取消归档",
	LeaveLead:       "这是私密房间，离开后需要有成员添加你才能回来。",
	Export:          "导出",
	ExportLead:      "把这个房间的全部消息存为一个文件。",
	ExportHTML:      "用于阅读（HTML）",
	ExportNDJSON:    "用于再次导入（NDJSON）",
	LeaveTitle:      func(room string) string { return "要离开“" + room + "”吗？" },
	Import:          "导入",
	ImportLead:      "选择文件，或把文件拖到这里：Parley 的导出文件（NDJSON）或 Slack 的导出文件（zip）。导入前会先检查整个文件。",
	ImportElsewhere: "正在向另一个房间导入消息。",
	ChooseFile:      "选择文件",
	Channel:         "频道",
	ChannelHint:     "Slack 里的哪个频道；只有一个时可以留空。",
	MakeNames:       "为不在这里的人建立名字",
	MakeNamesHint:   "他们不能登录。不选的话，遇到未知的作者就不会导入。",
	Sending:         "正在发送文件…",
	Checking:        "正在检查文件…",
	Imported:        func(n Number) string { return "已导入 " + n.Written + " 条消息。" },
	PerSecond:       func(n Number) string { return "每秒 " + n.Written + " 条" },
	ImportedOf:      func(n, of Number) string { return n.Written + " / " + of.Written },
	TimeLeft: func(n Number, minutes bool) string {
		if minutes {
			return "还需约 " + n.Written + " 分钟"
		}
		return "还需约 " + n.Written + " 秒"
	},

	People:       "所有人",
	Invites:      "邀请",
	AuditLog:     "审计日志",
	NoInvites:    "没有有效的邀请。",
	Revoke:       "撤销",
	OlderEntries: "更早的记录",
	Until:        func(when string) string { return when + " 前有效" },
	UsesLeft:     func(n Number) string { return "还可用 " + n.Written + " 次" },
	aRoom:        "一个房间",
	commandLine:  "服务器的命令行",
	audit: map[wire.AuditAction]string{
		wire.AuditSetName:       "{a}给{u}改了名",
		wire.AuditSetRole:       "{a}更改了{u}的身份",
		wire.AuditSetPassword:   "{a}给{u}设了新密码",
		wire.AuditDeactivate:    "{a}停用了{u}的账号",
		wire.AuditReactivate:    "{a}恢复了{u}的账号",
		wire.AuditDelete:        "{a}删除了{u}在{r}的一条消息",
		wire.AuditRemoveMember:  "{a}把{u}移出了{r}",
		wire.AuditUpdateRoom:    "{a}给{r}改了名",
		wire.AuditArchiveRoom:   "{a}归档了{r}",
		wire.AuditUnarchiveRoom: "{a}取消了{r}的归档",
		wire.AuditCreateInvite:  "{a}创建了一个邀请",
		wire.AuditRevokeInvite:  "{a}撤销了一个邀请",
		wire.AuditCreateToken:   "{a}给机器人{u}创建了令牌",
		wire.AuditRevokeToken:   "{a}撤销了机器人{u}的令牌",
		wire.AuditImport:        "{a}向{r}导入了消息",
		wire.AuditCreateHook:    "{a}给机器人{u}创建了{r}的 Webhook",
		wire.AuditRevokeHook:    "{a}撤销了机器人{u}的 Webhook",
		wire.AuditSetWebhook:    "{a}更改了机器人{u}的 Webhook 地址",
	},

	Account:         "账号",
	CurrentPassword: "当前密码",
	NewPassword:     "新密码",
	ChangePassword:  "更改密码",
	PasswordChanged: "密码已更改，其他设备已退出登录。",
	Devices:         "设备",
	ThisDevice:      "当前设备",
	UnknownDevice:   "未知设备",
	Tokens:          "API 令牌",
	Token:           "令牌",
	TokensLead:      "程序可以用令牌，以机器人的身份读写消息。",
	BotName:         "机器人名字",
	MakeToken:       "创建令牌",
	TokenOnce:       "请现在复制令牌，之后不再显示。",
	Copy:            "复制",
	NoTokens:        "还没有令牌。",
	RevokeLead:      "使用此令牌的程序会立即被拒绝，机器人也会停用，且无法恢复。",
	LastSeen:        func(day string) string { return "最近使用：" + day },
	RevokeTitle:     func(name string) string { return "要撤销“" + name + "”的令牌吗？" },
	MadeBy:          func(name, when string) string { return name + "创建于" + when },
}
