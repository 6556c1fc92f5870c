// The order screen of an ERP, with the CRM inside: a customer's open deals, their sums, and which addresses work.
//
//	order [FILE]      FILE is the database, made when it does not exist; in memory without it
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"crm-core.example/order/crm"
)

func main() {
	path := ""
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if err := run(os.Stdout, path); err != nil {
		fmt.Fprintln(os.Stderr, "order:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, path string) (err error) {
	// A real host leaves the clock out; here it stands still, so that the screen looks the same every day.
	database, err := crm.Open(crm.Options{Path: path, Country: "DE", Zone: "Europe/Berlin", Clock: "2026-11-21T09:00:00Z"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	session, err := database.Session("", "customer_relationship_management")
	if err != nil {
		return err
	}
	customers, err := crm.Get[int](session, "organisation.count", nil)
	if err != nil {
		return err
	}
	if customers > 0 {
		return errors.New("the database has customers already; the example begins with an empty one")
	}
	sample, err := loadSample(session)
	if err != nil {
		return err
	}
	return show(&screen{session, out}, sample)
}

func show(screen *screen, sample sample) error {
	if err := screen.customer(sample.customer); err != nil {
		return err
	}
	if err := screen.openDeals(sample.customer); err != nil {
		return err
	}
	if err := screen.addresses(sample.customer); err != nil {
		return err
	}
	screen.line("\nThe order is saved, and wins its deal.\n")
	move := crm.Object{"deal": sample.orderedDeal, "stage": sample.wonStage}
	if err := screen.session.Call("deal.move_to", move, nil); err != nil {
		return err
	}
	if err := screen.openDeals(sample.customer); err != nil {
		return err
	}
	return screen.board(sample.pipeline)
}
