package project_test

import (
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// instruction is one line of a Dockerfile, continued lines joined.
type instruction struct{ op, args string }

// dockerStages are the instructions of each stage; those before the first FROM
// come first.
func dockerStages(text string) [][]instruction {
	stages := [][]instruction{{}}
	text = regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(text, "")
	for line := range strings.Lines(text) {
		op, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch op {
		case "":
			continue
		case "FROM":
			stages = append(stages, nil)
		}
		last := len(stages) - 1
		stages[last] = append(stages[last], instruction{op, strings.TrimSpace(args)})
	}
	return stages
}

// of are the arguments of every instruction of a kind.
func of(stage []instruction, op string) []string {
	var all []string
	for _, i := range stage {
		if i.op == op {
			all = append(all, i.args)
		}
	}
	return all
}

func TestDockerfile(t *testing.T) {
	stages := dockerStages(read(t, "Dockerfile"))
	if len(stages) != 3 {
		t.Fatalf("%d stages, not a build and an image", len(stages)-1)
	}
	head, build, image := stages[0], stages[1], stages[2]

	version, ok := strings.CutPrefix(strings.Join(of(head, "ARG"), ""), "GO_VERSION=")
	if !ok || strings.Count(version, ".") != 2 || below(version, goFloor) {
		t.Errorf("Go is pinned to %q; the floor is %s", version, goFloor)
	}
	if got := build[0].args; got != "golang:${GO_VERSION}-bookworm AS build" {
		t.Errorf("builds from %q", got)
	}
	run := strings.Join(of(build, "RUN"), "\n")
	for _, want := range []string{"CGO_ENABLED=0", "-trimpath", `-ldflags "-s -w -X main.version=${VERSION}"`, "./cmd/qunxian", "go mod download"} {
		if !strings.Contains(run, want) {
			t.Errorf("the build has no %s", want)
		}
	}

	want := map[string][]string{
		"FROM":        {"scratch"},
		"USER":        {"65532:65532"},
		"VOLUME":      {`["/data", "/keys"]`},
		"EXPOSE":      {"8080"},
		"STOPSIGNAL":  {"SIGTERM"},
		"HEALTHCHECK": {`--interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["/qunxian", "health"]`},
		"ENTRYPOINT":  {`["/qunxian"]`},
		"CMD":         {`["serve"]`},
		"RUN":         nil,
		"ADD":         nil,
		"COPY": {
			"--from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/",
			"--from=build --chown=65532:65532 /out/ /",
		},
		"ENV": {"QUNXIAN_DB=file:/data/qunxian.db QUNXIAN_KEYRING=/keys/keyring.json QUNXIAN_SOCKET=/data/qunxian.sock"},
	}
	for op, args := range want {
		got := of(image, op)
		for i := range got { // continued lines keep their indentation
			got[i] = strings.Join(strings.Fields(got[i]), " ")
		}
		if diff := cmp.Diff(args, got); diff != "" {
			t.Errorf("%s of the image (-want +got):\n%s", op, diff)
		}
	}
	label := strings.Join(of(image, "LABEL"), " ")
	for _, name := range []string{"title", "description", "version", "licenses"} {
		if !strings.Contains(label, "org.opencontainers.image."+name+"=") {
			t.Errorf("the image has no label %s", name)
		}
	}
}

// composeFile is compose.yaml. A key it has no place for fails the test.
type composeFile struct {
	Name     string
	Services map[string]service
	Networks map[string]struct {
		Internal bool
		IPAM     struct {
			Config []struct{ Subnet string }
		} `yaml:"ipam"`
	}
	Volumes    map[string]struct{}
	Extensions map[string]yaml.Node `yaml:",inline"`
}

type service struct {
	Image string
	Build *struct {
		Context string
		Args    map[string]string
	}
	User            string
	ReadOnly        bool     `yaml:"read_only"`
	CapDrop         []string `yaml:"cap_drop"`
	CapAdd          []string `yaml:"cap_add"`
	SecurityOpt     []string `yaml:"security_opt"`
	Restart         string
	StopGracePeriod string `yaml:"stop_grace_period"`
	Entrypoint      []string
	Command         []string
	Environment     map[string]string
	Volumes         []string
	Tmpfs           []string
	Ports           []string
	Networks        attached
	NetworkMode     string                                `yaml:"network_mode"`
	DependsOn       map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck     struct {
		Test              []string
		Interval, Timeout string
		StartPeriod       string `yaml:"start_period"`
		Retries           int
	}
	Logging struct {
		Driver  string
		Options map[string]string
	}
}

// attached are the networks of a container with its fixed address, if any.
type attached map[string]string

func (a *attached) UnmarshalYAML(n *yaml.Node) error {
	*a = attached{}
	if n.Kind == yaml.SequenceNode {
		for _, name := range n.Content {
			(*a)[name.Value] = ""
		}
		return nil
	}
	var m map[string]*struct {
		Address string `yaml:"ipv4_address"`
	}
	if err := n.Decode(&m); err != nil {
		return err
	}
	for name, on := range m {
		(*a)[name] = ""
		if on != nil {
			(*a)[name] = on.Address
		}
	}
	return nil
}

func compose(t *testing.T) composeFile {
	t.Helper()
	var c composeFile
	dec := yaml.NewDecoder(strings.NewReader(read(t, "compose.yaml")))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil {
		t.Fatal(err)
	}
	for key := range c.Extensions {
		if !strings.HasPrefix(key, "x-") {
			t.Errorf("compose.yaml: what is %s?", key)
		}
	}
	if got := len(c.Services); got != 7 {
		t.Fatalf("%d services, not app, proxy, three nodes and two that run once", got)
	}
	return c
}

var nodes = []string{"mongo1", "mongo2", "mongo3"}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestComposeIsHardened(t *testing.T) {
	caps := map[string][]string{"proxy": {"NET_BIND_SERVICE"}, "secrets": {"CHOWN", "DAC_OVERRIDE"}}
	users := map[string]string{"app": "65532:65532", "proxy": "", "secrets": "0:0"}
	for name, s := range compose(t).Services {
		if !s.ReadOnly {
			t.Errorf("%s can write its own files", name)
		}
		same(t, name+" cap_drop", []string{"ALL"}, s.CapDrop)
		same(t, name+" cap_add", caps[name], s.CapAdd)
		same(t, name+" security_opt", []string{"no-new-privileges:true"}, s.SecurityOpt)
		user, ok := users[name]
		if !ok {
			user = "999:999"
		}
		same(t, name+" user", user, s.User)
		if _, tag, _ := strings.Cut(s.Image, ":"); s.Build == nil && (tag == "" || tag == "latest") {
			t.Errorf("%s runs %q, whatever that is today", name, s.Image)
		}
		if s.Logging.Driver == "" || s.Logging.Options["max-size"] == "" {
			t.Errorf("the log of %s grows without end", name)
		}
		once := name == "replica-set" || name == "secrets"
		if once != (s.Restart == "") {
			t.Errorf("%s restarts %q", name, s.Restart)
		}
		if once != (len(s.Healthcheck.Test) == 0) {
			t.Errorf("health check of %s: %q", name, s.Healthcheck.Test)
		}
		if len(s.Ports) > 0 && name != "proxy" {
			t.Errorf("%s is open on %q", name, s.Ports)
		}
	}
}

func TestComposeApp(t *testing.T) {
	c := compose(t)
	app, proxy := c.Services["app"], c.Services["proxy"]
	if app.Build == nil || app.Build.Context != "." {
		t.Error("the program is not built from here")
	}
	if len(c.Networks["edge"].IPAM.Config) != 1 {
		t.Fatal("the edge has no fixed network")
	}
	edge := netip.MustParsePrefix(c.Networks["edge"].IPAM.Config[0].Subnet)
	for _, address := range []string{app.Networks["edge"], proxy.Networks["edge"]} {
		if !edge.Contains(netip.MustParseAddr(address)) {
			t.Errorf("%s is not in %s", address, edge)
		}
	}
	same(t, "app command", []string{"serve", "--addr", "0.0.0.0:8080", "--behind-proxy", proxy.Networks["edge"] + "/32"}, app.Command)
	same(t, "app health", []string{"CMD", "/qunxian", "health"}, app.Healthcheck.Test)
	same(t, "app waits", map[string]struct{ Condition string }{"replica-set": {"service_completed_successfully"}}, app.DependsOn)
	same(t, "app volumes", []string{"data:/data", "keys:/keys", "app-secrets:/secrets:ro"}, app.Volumes)
	same(t, "app keyring", "/keys/keyring.json", app.Environment["QUNXIAN_KEYRING"])

	db, err := url.Parse(app.Environment["QUNXIAN_DB"])
	if err != nil {
		t.Fatal(err)
	}
	same(t, "hosts", "mongo1:27017,mongo2:27017,mongo3:27017", db.Host)
	same(t, "options", url.Values{"replicaSet": {"qunxian"}, "authSource": {"admin"}, "w": {"majority"}}, db.Query())
	if _, ok := db.User.Password(); ok || db.User.Username() == "" {
		t.Errorf("the address of the database says who, and no password: %s", db.Redacted())
	}
	same(t, "password", "/secrets/app-password", app.Environment["QUNXIAN_DB_PASSWORD_FILE"])
}

func TestComposeReplicaSet(t *testing.T) {
	c := compose(t)
	if !c.Networks["store"].Internal {
		t.Error("the database can be reached from outside")
	}
	waits := map[string]struct{ Condition string }{}
	for i, name := range nodes {
		s := c.Services[name]
		waits[name] = struct{ Condition string }{"service_healthy"}
		version, ok := strings.CutPrefix(s.Image, "mongo:")
		if !ok || below(version, "8.0.21") {
			t.Errorf("%s runs %s; the floor is 8.0.21", name, s.Image)
		}
		for _, want := range [][]string{{"--replSet", "qunxian"}, {"--keyFile", "/secrets/keyfile"}, {"--bind_ip_all"}} {
			if at := slices.Index(s.Command, want[0]); at < 0 || !slices.Equal(s.Command[at:min(at+len(want), len(s.Command))], want) {
				t.Errorf("%s runs %q, without %q", name, s.Command, want)
			}
		}
		same(t, name+" volumes", []string{name + ":/data/db", "mongo-secrets:/secrets:ro"}, s.Volumes)
		same(t, name+" networks", attached{"store": ""}, s.Networks)
		same(t, name+" waits", "service_completed_successfully", s.DependsOn["secrets"].Condition)
		// a second node with users of its own could not join
		if has := s.Environment["MONGO_INITDB_ROOT_PASSWORD_FILE"] == "/secrets/root-password"; has != (i == 0) {
			t.Errorf("%s makes a root user: %v", name, has)
		}
	}
	once := c.Services["replica-set"]
	same(t, "replica-set waits", waits, once.DependsOn)
	same(t, "replica-set networks", attached{"store": ""}, once.Networks)
	script := read(t, "compose/replica-set.js")
	for _, want := range []string{
		"electionTimeoutMillis: 2000", "_id: 'qunxian'", "replicaSet=qunxian&",
		"['mongo1:27017', 'mongo2:27017', 'mongo3:27017']", "role: 'readWrite', db: 'qunxian'",
		"if (config === null)", "getUser('qunxian') === null", // run again, it changes nothing
	} {
		if !strings.Contains(script, want) {
			t.Errorf("compose/replica-set.js has no %s", want)
		}
	}
	if !slices.Contains(once.Entrypoint, "/replica-set.js") || !slices.Contains(once.Volumes, "./compose/replica-set.js:/replica-set.js:ro") {
		t.Errorf("replica-set runs %q with %q", once.Entrypoint, once.Volumes)
	}
}

func TestComposeProxy(t *testing.T) {
	proxy := compose(t).Services["proxy"]
	if !regexp.MustCompile(`^caddy:2(\.\d+)*$`).MatchString(proxy.Image) {
		t.Errorf("the proxy is %s", proxy.Image)
	}
	same(t, "proxy ports", []string{"80:80", "443:443"}, proxy.Ports)
	same(t, "proxy waits", map[string]struct{ Condition string }{"app": {"service_healthy"}}, proxy.DependsOn)
	same(t, "proxy environment", map[string]string{"QUNXIAN_SITE": "${QUNXIAN_SITE:-localhost}", "QUNXIAN_TLS": "${QUNXIAN_TLS:-internal}"}, proxy.Environment)
	if _, ok := proxy.Networks["store"]; ok {
		t.Error("the proxy reaches the database")
	}
	if !slices.Contains(proxy.Volumes, "./compose/Caddyfile:/etc/caddy/Caddyfile:ro") {
		t.Errorf("the proxy has %q", proxy.Volumes)
	}
	caddy := read(t, "compose/Caddyfile")
	for _, want := range []string{"admin off", "{$QUNXIAN_SITE} {\n\ttls {$QUNXIAN_TLS}\n\treverse_proxy app:8080\n}", "default_sni {$QUNXIAN_SITE}", "read_header 10s"} {
		if !strings.Contains(caddy, want) {
			t.Errorf("compose/Caddyfile has no %q", want)
		}
	}
}

// TestComposeHoldsNoSecret: a setting that is secret is the name of a file,
// and the file is made at the first start.
func TestComposeHoldsNoSecret(t *testing.T) {
	c := compose(t)
	secret := regexp.MustCompile(`(?i)pass|secret|token|credential|private|_key\b`)
	for name, s := range c.Services {
		for key, value := range s.Environment {
			if secret.MatchString(key) && !(strings.HasSuffix(key, "_FILE") && strings.HasPrefix(value, "/secrets/")) {
				t.Errorf("%s: %s is %q, not a file of /secrets", name, key, value)
			}
		}
	}
	made := c.Services["secrets"]
	same(t, "secrets network", "none", made.NetworkMode)
	same(t, "secrets volumes", []string{"./compose/secrets.sh:/secrets.sh:ro", "mongo-secrets:/mongo", "app-secrets:/app"}, made.Volumes)
	script := read(t, "compose/secrets.sh")
	for _, file := range []string{"/mongo/keyfile 999:999", "/mongo/root-password 999:999", "/mongo/app-password 999:999", "/app/app-password 65532:65532"} {
		name, _, _ := strings.Cut(file, " ")
		if !strings.Contains(script, "[ -e "+name+" ] || ") || !strings.Contains(script, "place "+file) {
			t.Errorf("compose/secrets.sh does not make %s once", file)
		}
	}
	if !strings.Contains(script, "umask 077") || !strings.Contains(script, "/dev/urandom") {
		t.Error("compose/secrets.sh makes files that others can read, or guess")
	}
}

func TestComposeVolumesAreDeclared(t *testing.T) {
	c := compose(t)
	used := map[string]struct{}{}
	for name, s := range c.Services {
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			switch {
			case strings.HasPrefix(from, "./"):
				if _, err := os.Stat(from); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			case !strings.HasPrefix(from, "${"):
				used[from] = struct{}{}
			}
		}
	}
	same(t, "volumes", used, c.Volumes)
}
