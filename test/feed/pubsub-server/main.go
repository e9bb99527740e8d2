// A Pub/Sub server for the tests: Google's own pstest, which speaks the real protocol. It prints its address as its only
// line and ends when its standard input does, that is with the test.
package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"cloud.google.com/go/pubsub/pstest"
)

func main() {
	// So that a message whose reader was killed comes again within a test's time.
	pstest.SetMinAckDeadline(2 * time.Second)
	server := pstest.NewServer()
	defer server.Close()
	fmt.Println(server.Addr)
	io.Copy(io.Discard, os.Stdin)
}
