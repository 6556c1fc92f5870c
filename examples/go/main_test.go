package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheExamplePrintsWhatItsReadmeShows(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "```text\n")
	shown, _, _ := strings.Cut(after, "```\n")
	path := filepath.Join(t.TempDir(), "order.db")
	var out bytes.Buffer
	if err := run(&out, path); err != nil {
		t.Fatal(err)
	}
	if out.String() != shown {
		t.Errorf("it printed\n%s\ninstead of\n%s", out.String(), shown)
	}
	if err := run(&out, path); err == nil {
		t.Error("a database with customers was filled again")
	}
}
