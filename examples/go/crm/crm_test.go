package crm

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
)

func open(t *testing.T) (*Database, *Session) {
	t.Helper()
	database, err := Open(Options{Country: "DE", Zone: "Europe/Berlin"})
	if err != nil {
		t.Fatal(err)
	}
	session, err := database.Session("", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = database.Close() })
	return database, session
}

func TestBadInputIsAnErrorWithItsCodeAndPath(t *testing.T) {
	_, session := open(t)
	for _, check := range []struct {
		operation  string
		input      any
		code, path string
	}{
		{"person.create", Object{"given_name": "Ada", "shoe_size": 38}, "field.unknown", "shoe_size"},
		{"organisation.create", Object{}, "field.required", "name"},
		{"person.get", Object{"id": "0192f8f0-0000-7000-8000-000000000000"}, "record.not_found", "id"},
		{"person.fly", nil, "operation.unknown", "person.fly"},
	} {
		err := session.Call(check.operation, check.input, nil)
		var failure *Error
		if !errors.As(err, &failure) || failure.Code != check.code || failure.Path != check.path {
			t.Errorf("%s(%v): %#v", check.operation, check.input, err)
		}
	}
}

func TestWhatIsClosedStaysClosed(t *testing.T) {
	database, session := open(t)
	if err := database.Close(); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{database.Close(), session.Close(), session.Call("system.info", nil, nil)} {
		var failure *Error
		if !errors.As(err, &failure) || failure.Code != "surface.handle" || failure.Kind != "closed" {
			t.Errorf("%#v", err)
		}
	}
}

func TestManyGoroutinesShareASession(t *testing.T) {
	_, session := open(t)
	var group sync.WaitGroup
	for range make([]struct{}, 8) {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := Get[json.RawMessage](session, "note.list", nil); err != nil {
				t.Error(err)
			}
			if err := session.Call("organisation.create", Object{"name": "Nordwind"}, nil); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	if count, err := Get[int](session, "organisation.count", nil); count != 8 || err != nil {
		t.Errorf("%d organisations, %v", count, err)
	}
}
