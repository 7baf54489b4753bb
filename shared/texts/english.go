package texts

import (
	"parley/shared/rows"
	"parley/shared/wire"
)

// English is the catalogue in English.
var English = Texts{
	Lang: "en", Called: "English", gap: " ",

	SetUpTitle:      "Create your community",
	SetUpLead:       "This Parley is new. Whoever sets it up owns it.",
	CreateCommunity: "Create community",
	SignInTitle:     "Sign in",
	SignInLead:      "Welcome back.",
	SignIn:          "Sign in",
	SignUpTitle:     "You are invited",
	SignUpLead:      "Choose the name that others will see.",
	Join:            "Join",
	HaveAccount:     "I have an account already",
	Name:            "Name",
	Password:        "Password",
	Community:       "Community",
	SetUpCode:       "Set-up code",
	PasswordHint:    "At least 8 characters.",
	CodeHint:        "The server printed it when it started.",
	GuestHint:       "Guests leave it empty.",
	CommunityHint:   "What it is called. You can leave this empty.",
	NameNeeded:      "Please enter a name.",
	PasswordNeeded:  "Please enter your password.",
	PasswordShort:   "A password needs at least 8 characters.",
	TextKept:        "What you wrote is kept.",
	TextUnsent:      "This was not sent:",
	SignedOut:       "You have been signed out. Please sign in again.",
	Connecting:      "Connecting…",
	StillConnecting: "Parley cannot reach its server. Still trying.",

	Rooms:       "Rooms",
	NewRoom:     "New room",
	BrowseRooms: "Browse rooms",
	RoomName:    "Room name",
	Topic:       "Topic",
	Optional:    "optional",
	Private:     "Private",
	PrivateHint: "Only people who are added can find it and read it.",
	CreateRoom:  "Create room",
	Joined:      "Joined",
	LeaveRoom:   "Leave room",
	NoMoreRooms: "There are no public rooms yet.",
	NoSuchRoom:  "There is no such room, or you are not in it.",
	BackToLobby: "Back to the lobby",
	OpenRooms:   "Show rooms",
	CloseMenu:   "Close",
	Members:     "Members",
	AddPeople:   "Add people",
	Add:         "Add",
	Everybody:   "Everybody is here already.",
	Online:      "Online",
	Offline:     "Offline",
	You:         "you",
	Guest:       "guest",
	Bot:         "bot",
	RoomDetails: "Room details",

	JoinLead:     "You are not in this room. Join to read and write.",
	JoinArchived: "This room is archived. Join to read it.",
	ArchivedLead: "Nobody writes in these rooms any more. Whoever joins can read them.",
	NoArchived:   "There are no archived rooms.",

	Lobby:       wire.Lobby,
	Unread:      func(n Number) string { return n.Written + " unread" },
	Mentions:    func(n Number) string { return plural(n, "mention of you", "mentions of you") },
	ToUnread:    func(n Number) string { return n.Written + " unread: go to the first" },
	MemberCount: func(n Number) string { return plural(n, "member", "members") },

	Messages:     "Messages",
	Message:      "Message",
	Send:         "Send",
	Hint:         "Enter sends, Shift+Enter breaks the line",
	TooLong:      "This message is too long. Please send it in parts.",
	LoadingOlder: "Loading older messages…",
	OlderFailed:  "Older messages could not be loaded.",
	LoadingNewer: "Loading newer messages…",
	NewerFailed:  "Newer messages could not be loaded.",
	JumpBack:     "Back to where you were",
	LoadFailed:   "The messages could not be loaded.",
	TryAgain:     "Try again",
	Nothing:      "Nobody has said anything yet.",
	Older:        "Older messages",
	MarkRead:     "Mark as read",
	FollowStart:  "Reload by itself",
	FollowStop:   "Stop reloading",
	ToNewest:     "Newest messages",
	UnknownUser:  "Somebody",

	SlashMe:     "say what you do: Ada waves",
	SlashTopic:  "change the topic of the room",
	SlashInvite: "add somebody to the room; without a name, get a link",
	SlashLeave:  "leave the room",
	SlashMute:   "mute the room, or no longer",
	SlashHelp:   "show all commands",
	Slashes:     "Commands", Suggestions: "Suggestions",
	SlashHint: "To send a message that begins with a slash, type two.",
	NoSlash: func(name string) string {
		return "There is no command " + name + ". See /help; to send it as it is, type another / in front."
	},
	NobodyCalled: func(name string) string {
		return "Nobody here is called " + name + ". /invite alone gives a link for somebody new."
	},
	Added:   func(name string) string { return name + " is in the room now." },
	Muted:   func(name string) string { return name + " is muted. /mute again ends that." },
	Unmuted: func(name string) string { return name + " is no longer muted." },

	EverybodyWord: "room", EverybodyHint: "everybody in this room",

	MessageTo:   func(room string) string { return "Message " + room },
	Beginning:   func(room string) string { return "This is where " + room + " begins." },
	GoTo:        func(community string) string { return "Go to " + community },
	NewMessages: func(n Number) string { return plural(n, "new message", "new messages") },
	Typing:      typingEnglish,

	SkipToMessage: "Skip to writing a message",

	Actions:         "What to do with this message",
	Reply:           "Reply",
	EditMessage:     "Edit",
	DeleteMessage:   "Delete",
	CopyText:        "Copy text",
	CopyMessageLink: "Copy link to message",
	MarkUnread:      "Mark unread from here",
	DeleteTitle:     "Delete this message?",
	DeleteLead:      "Its text, its files and its reactions go, for everybody. Its place stays.",
	Delete:          "Delete",
	Editing:         "Editing your message",
	EditHint:        "Enter saves, Esc leaves it as it was",
	Save:            "Save",
	EditFailed:      "Not saved yet; your text is still here.",
	EditedElsewhere: "This message has been changed on another device meanwhile. Saving replaces that.",
	NothingElse:     "There is nothing to save. To take the message away, delete it.",
	Replying:        func(name string) string { return "Reply to " + name },
	History:         "What it said before",
	HistoryNow:      "Now",
	Emoji:           "Emoji",
	FindEmoji:       "Search emoji",
	RecentEmoji:     "Used lately",
	NoEmoji:         "No emoji is called that.",

	AttachFiles:   "Attach files",
	Attached:      "Attached files",
	DropHere:      "Drop files to attach them",
	FilesAdded:    func(names string) string { return "Attached: " + names },
	FileTaken:     func(name string) string { return name + " is no longer attached." },
	FileEmpty:     func(name string) string { return name + " is empty, or a folder." },
	Detach:        func(name string) string { return "Remove " + name },
	FileTooLarge:  func(name, size string) string { return name + " is too large. A file may have " + size + "." },
	TooManyFiles:  func(n Number) string { return "A message takes " + plural(n, "file", "files") + " at most." },
	Download:      "Download",
	OpenPicture:   "Open in a new tab",
	PictureBefore: "Previous picture",
	PictureAfter:  "Next picture",
	PictureOf:     func(at, all Number) string { return at.Written + " of " + all.Written },

	NotesTitle:  "Notifications in this browser",
	NotesText:   "Who says what",
	NotesBare:   "Only the room",
	NotesOff:    "Off",
	NotesDenied: "This browser does not allow Parley to notify you. Its own settings can change that.",
	NotesOffer:  "Turn on notifications",
	NoteBare:    func(n Number) string { return n.Written + " unread" },

	TryNow:      "Try now",
	OfflineHint: "What you write will be sent later.",
	Rung:        "Connection",
	NotKept:     "This browser keeps nothing for Parley: what you write here is safe only once it has been sent.",
	Rungs:       [4]string{"WebSocket", "SSE", "Long poll", "Short poll"},

	Invite:       "Invite",
	InviteLead:   "Whoever opens this link can join. It works for seven days.",
	InviteLink:   "Invite link",
	CopyLink:     "Copy link",
	Copied:       "Copied",
	CopyFailed:   "Could not copy. Please select the link and copy it yourself.",
	AsMember:     "Member",
	AsMemberHint: "Has a password, can find every public room.",
	AsGuest:      "Guest",
	AsGuestHint:  "Chooses a name only, sees the lobby and this room.",

	SignOut:      "Sign out",
	SignOutTitle: "Sign out?",
	Cancel:       "Cancel",
	Close:        "Close",
	GuestSignOut: "Guests have no password: once signed out, you cannot come back as the same person.",

	NewVersion: "A new version is ready.",
	FilesWait:  "Attached files would be lost. Send the message or take them off first.",
	Reload:     "Reload",

	Slogan:      "Chat that gets through.",
	InstallApp:  "Install app",
	InstallLead: "Parley then has an icon and a window of its own, and opens without a network.",
	NotNow:      "Not now",
	InstallIOS:  "Tap Share in the browser's toolbar, then Add to Home Screen.",
	InstallDock: "Choose Add to Dock from the File menu.",
	InstallMenu: "Open the browser's menu and choose Add app to Home screen.",
	ShareTitle:  "Share to a room",
	ShareLead:   "Choose a room. Nothing is sent before you send it there.",
	ShareAgain:  "Parley was not ready for this yet. Please share it once more.",
	FilesLeft:   func(names string) string { return "These files cannot be sent here: " + names },

	Settings:      "Settings",
	Language:      "Language",
	FollowBrowser: "Automatic",

	Search: "Search", SearchMessages: "Search messages",
	SearchLead:    "Words, or any two Chinese characters; “quotes” for a phrase. The buttons narrow it down.",
	SearchPartial: "The index is being made anew: some messages may be missing.",
	NothingFound:  "Nothing found.", InThisRoom: "In this room", Everywhere: "Everywhere", ShowMore: "Show more",
	FilterFrom: "From", FilterIn: "In room", FilterBefore: "Before",
	Switch: "Go to", SwitchHint: "A room, a person, or words",
	SearchFor:  func(query string) string { return "Search messages for “" + query + "”" },
	FoundCount: func(n Number) string { return plural(n, "message found", "messages found") },
	Keys:       "Keyboard shortcuts",
	KeySwitch:  "Go to a room, a person, a message", KeySearch: "Search", KeyRooms: "Room above, room below",
	KeyUnread: "Unread room above, below", KeyRead: "Mark the room as read, or close what is open", KeySend: "Send",
	KeyLine: "New line", KeyEdit: "Edit your last message", KeyHelp: "These keys",
	Appearance:   "Appearance",
	FollowSystem: "Automatic",
	Light:        "Light",
	Dark:         "Dark",

	Unreachable: "The server cannot be reached. Please check your connection and try again.",
	Unavailable: "The server cannot do this at the moment. Please try again soon.",
	TooMany:     "That was a bit much at once. Please wait a moment and try again.",
	Internal:    "Something went wrong on the server. Please try again.",
	Broken:      "Something went wrong here. Reloading the page helps.",

	Manage: ManageEnglish,
	Hooks:  HooksEnglish,
	Lab:    LabEnglish,

	Today: "Today", Yesterday: "Yesterday",
	Rows: rows.Texts{
		New: "New", Deleted: "This message was deleted.", Edited: "edited",
		Sending: "Sending", Sent: "Sent", Failed: "Failed", TryAgain: "Try again", Edit: "Edit",
		ReplyTo: "In reply to", Reactions: "Reactions", React: "React", You: "you", SeeEdits: "See what it said before",
		ShowAll: "Show all", Copy: "Copy", Files: "Files", Cancel: "Cancel", Comma: ", ", Colon: ": ",
	},
}

func plural(n Number, one, many string) string {
	if n.N == 1 {
		return n.Written + " " + one
	}
	return n.Written + " " + many
}

func typingEnglish(n int, names string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return names + " is typing"
	case 2, 3:
		return names + " are typing"
	}
	return "Several people are typing"
}
