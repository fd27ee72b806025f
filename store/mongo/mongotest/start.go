package mongotest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
)

// watch runs a server as long as somebody holds the other end of its standard
// input, then removes the server's folder. The process of the tests does that
// until it ends, in whatever way.
const watch = `trap "" INT TERM
folder=$1
shift
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!
cat >/dev/null
kill -KILL "$server"
wait "$server"
rm -rf "$folder"`

// held keeps the standard input of the watch open.
var held = make(chan io.WriteCloser, 1)

// start starts a replica set of one member, in a folder of its own on a free
// port, and waits until it takes writes.
func start(mongod string) (string, error) {
	folder, err := os.MkdirTemp("", "qunxian-mongod-")
	if err != nil {
		return "", err
	}
	addr, err := freeAddress()
	if err != nil {
		return "", err
	}
	host, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command("sh", "-c", watch, "watch", folder, mongod, "--dbpath", folder, "--bind_ip", host, "--port", port,
		"--replSet", "rs0", "--nounixsocket", "--oplogSize", "200", "--wiredTigerCacheSizeGB", "0.5")
	hold, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	held <- hold
	if err := initiate(addr); err != nil {
		log, _ := os.ReadFile(filepath.Join(folder, "log"))
		return "", fmt.Errorf("%s: %w\n%s", mongod, err, log[max(0, len(log)-2000):])
	}
	return "mongodb://" + addr + "/?replicaSet=rs0", nil
}

func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

func initiate(addr string) error {
	err := connected("mongodb://"+addr+"/?directConnection=true", func(ctx context.Context, c *mongo.Client) error {
		member := bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: addr}}
		set := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: bson.A{member}}}
		return c.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: set}}).Err()
	})
	if err != nil {
		return err
	}
	return connected("mongodb://"+addr+"/?replicaSet=rs0", func(ctx context.Context, c *mongo.Client) error {
		return c.Ping(ctx, readpref.Primary())
	})
}
