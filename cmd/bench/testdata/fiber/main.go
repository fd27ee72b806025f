// Command fiber answers every request with as many bytes of JSON as its only
// argument says: what Fiber alone takes for an answer of that size. It is a
// program of its own so that nothing but the product's handlers imports Fiber.
package main

import (
	"fmt"
	"net"
	"os"
	"strconv"

	"github.com/gofiber/fiber/v2"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "fiber:", err)
		os.Exit(1)
	}
}

func run(size string) error {
	n, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	body := make([]byte, n)
	for i := range body {
		body[i] = ' '
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
		return c.Send(body)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", ln.Addr())
	return app.Listener(ln)
}
