package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/server/web"
	"parley/shared/names"
)

// drainTime is how long connections get to end in an orderly way. With what
// comes after them the program ends within ten seconds of the first signal.
const drainTime = 8 * time.Second

type serveCommand struct {
	Addr  string `default:":8080" placeholder:"ADDRESS" help:"Where to listen; without a host on every network of this machine"`
	URL   string `placeholder:"URL" help:"Where people reach the server, for the links that it prints, if that is not the address above"`
	Name  string `placeholder:"NAME" help:"Give the community this name"`
	Log   string `default:"auto" enum:"auto,text,json" placeholder:"FORMAT" help:"How to log: text, json, or auto, which is text on a terminal and else json"`
	Level string `name:"log-level" default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"What to log: debug, info, warn or error"`

	SendRate          float64  `default:"20" placeholder:"N" help:"Messages that a user may send a second"`
	SendBurst         int      `default:"100" placeholder:"N" help:"Messages that a user may send at once"`
	MaxFile           int      `default:"32" placeholder:"MIB" help:"MiB that a file may have; 0: none can be sent"`
	MaxFiles          int      `default:"10240" placeholder:"MIB" help:"MiB that all files may have together"`
	Connections       int      `name:"connections-per-address" default:"200" placeholder:"N" help:"Connections that an address may have open"`
	WebhooksToPrivate bool     `help:"Post to bots at addresses of this machine and of private networks too"`
	LabForMembers     bool     `help:"Keep the Connection Lab for those who are signed in"`
	TrustedProxy      []string `placeholder:"ADDRESS" help:"Reverse proxies whose forwarding headers are believed: addresses, or networks such as 10.0.0.0/8"`
}

// Run serves until SIGINT or SIGTERM, drains, and ends; a second signal ends
// the process at once.
func (s *serveCommand) Run(ctx context.Context, common *common, out *console) error {
	ctx, release := untilSignal(ctx)
	defer release()

	conf, err := s.config()
	if err != nil {
		return err
	}
	log := newLog(out.stderr, s.Log, s.Level)
	slog.SetDefault(log)

	// The port comes before the data, so that a second start by mistake, which
	// would find it used, leaves no trace in any folder.
	listener, err := listen(ctx, s.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	e, err := openEngine(common.Data, s.Name, log)
	if err != nil {
		return err
	}
	conf.Log = log.With("component", "web")
	return errors.Join(s.serve(ctx, listener, e, conf, common, out), e.Close())
}

// config checks the flags, and is what they say of web.Config.
func (s *serveCommand) config() (web.Config, error) {
	proxies, err := web.ParseProxies(s.TrustedProxy)
	if err != nil {
		return web.Config{}, err
	}
	if s.Name != "" {
		if s.Name, err = names.Clean("community's name", s.Name); err != nil {
			return web.Config{}, plain(err)
		}
	}
	if s.URL != "" && !isOrigin(s.URL) {
		return web.Config{}, fmt.Errorf("--url %s is not an address such as https://chat.example.com", s.URL)
	}
	if s.MaxFile < 0 || s.MaxFiles < s.MaxFile {
		return web.Config{}, errors.New("--max-file must not be below 0, nor --max-files below --max-file")
	}
	if s.SendRate <= 0 || s.SendBurst < 1 || s.Connections < 1 {
		return web.Config{}, errors.New("--send-rate, --send-burst and --connections-per-address must be greater than 0")
	}
	return web.Config{
		Version: version,
		Proxies: proxies,

		LabForMembers: s.LabForMembers,
		Limits:        web.Limits{SendRate: s.SendRate, SendBurst: s.SendBurst, Conns: s.Connections, Drain: drainTime},
	}, nil
}

// serve runs the server on an engine that is open, beside the local socket.
func (s *serveCommand) serve(ctx context.Context, l net.Listener, e *engine, conf web.Config, common *common, out *console) error {
	here := localURL(l.Addr())
	base := cmp.Or(strings.TrimRight(s.URL, "/"), here)
	setupCode, err := e.setupCode()
	if err != nil {
		return err
	}
	conf.SetupCode = setupCode
	conf.Spool = filepath.Join(common.Data, spoolFolder)
	if err := os.RemoveAll(conf.Spool); err != nil {
		return err
	}
	e.allowFiles(int64(s.MaxFile)<<20, int64(s.MaxFiles)<<20)
	e.startSearch(common.Data)
	e.startHooks(s.WebhooksToPrivate)
	server, err := e.newServer(conf)
	if err != nil {
		return err
	}
	admin := startAdmin(filepath.Join(common.Data, socketName), e, base, e.log.With("component", "admin"))
	defer admin.Close()

	if base != here {
		here = base + " (here " + here + ")"
	}
	fmt.Fprintf(out.stdout, "Parley is at %s, data in %s\n", here, common.Data)
	if setupCode != "" {
		fmt.Fprintf(out.stdout, "It has no owner yet: open it on this machine, or from elsewhere with the set-up code %s\n", setupCode)
	}
	e.log.Info("started", "version", version, "commit", commit, "address", l.Addr().String(), "data", common.Data)
	if err := server.Serve(ctx, l); err != nil {
		return err
	}
	e.log.Info("stopped")
	return nil
}
