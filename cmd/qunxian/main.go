// Command qunxian is the talent registry: the server, and what its operator
// does at the machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"qunxian/schemas"
	"qunxian/web"
)

// version is set when a release is built.
var version = "dev"

// settings are every flag, every environment variable and every subcommand:
// one struct, from which --help is made.
type settings struct {
	DB             string `name:"db" default:"file:data/qunxian.db" env:"QUNXIAN_DB" placeholder:"file:PATH|mongodb://…" help:"Database: a SQLite file that is made when it is not there, or a MongoDB replica set."`
	DBPasswordFile string `name:"db-password-file" env:"QUNXIAN_DB_PASSWORD_FILE" placeholder:"PATH" help:"File with the password of the MongoDB user, readable by its owner only."`
	Keyring        string `default:"keys/keyring.json" env:"QUNXIAN_KEYRING" placeholder:"PATH" help:"File of the keys that seal personal data. Made at the first start of an empty database. Keep it apart from the database and its backups."`
	Socket         string `env:"QUNXIAN_SOCKET" placeholder:"PATH" help:"Socket on which a running server takes subcommands. Beside the database file by default."`
	LogJSON        bool   `name:"log-json" env:"QUNXIAN_LOG_JSON" help:"Write the log as JSON lines."`

	Serve   serveCmd   `cmd:"" help:"Serve the workbench and the API."`
	Import  importCmd  `cmd:"" help:"Read spreadsheets, or a file that export wrote."`
	Export  exportCmd  `cmd:"" help:"Write everything as JSON lines; import reads it back."`
	User    userCmd    `cmd:"" help:"Add and change the people who sign in."`
	Key     keyCmd     `cmd:"" help:"Make and end API keys."`
	Config  configCmd  `cmd:"" help:"Print the settings as they are understood, and check them."`
	Health  healthCmd  `cmd:"" help:"Ask a running server whether it is well; for container health checks."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// console is where a command reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// errFailed ends a command with exit code 1 after it has said why itself.
var errFailed = errors.New("failed")

func main() { os.Exit(run(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr})) }

// run is the program: arguments in, exit code out. 0 is success and nothing
// else; 1 is a failure, 2 a command line that cannot be understood.
func run(args []string, c console) (code int) {
	var s settings
	exited := -1
	parser, err := kong.New(&s, kong.Name("qunxian"), kong.Description("群贤 Qunxian: the talent registry and recruitment tracker of a city.\n\nStart with: qunxian serve --demo"),
		kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}), kong.Writers(c.out, c.err),
		kong.Exit(func(n int) { exited = n; panic(exit{}) }), kong.Vars{"version": version})
	if err != nil {
		fmt.Fprintln(c.err, "qunxian:", err)
		return 2
	}
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(exit); !ok {
				panic(r)
			}
			code = exited
		}
	}()
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(c.err, "qunxian:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	switch err := k.Run(&s, c); {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return 1
	default:
		fmt.Fprintln(c.err, "qunxian:", inWords(err))
		return 1
	}
}

// inWords is an error as people read it: one of the product names each field
// and says what is wrong with it.
func inWords(err error) string {
	var e *schemas.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	var said []string
	if len(e.Fields) == 0 {
		said = append(said, web.Text("en", e.Message, e.Args...))
	}
	for _, f := range e.Fields {
		said = append(said, reason(f))
	}
	return strings.Join(said, "; ")
}

// reason is what is wrong with a field.
func reason(f schemas.FieldError) string {
	if step := strings.Split(f.Param, " "); f.Rule == "move" && len(step) == 3 {
		return f.Field + ": " + web.Text("en", "error.move", step[0], step[1], step[2])
	}
	return f.Field + ": " + web.Rule("en", f.Rule, f.Param, "")
}

// exit unwinds run when kong has printed help.
type exit struct{}

type versionCmd struct{}

func (versionCmd) Run(c console) error {
	_, err := fmt.Fprintln(c.out, "qunxian", version)
	return err
}
