package main

import (
	"fmt"
	"io"
	"strings"

	"crm-core.example/order/crm"
)

var rule = strings.Repeat("─", 95)

// A screen reads with a session what it writes.
type screen struct {
	session *crm.Session
	out     io.Writer
}

func (screen *screen) line(format string, values ...any) {
	fmt.Fprintf(screen.out, format+"\n", values...)
}

// An amount of money as the engine gives it: exact, as text.
type money struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// Shows the amount with its thousands apart. No money is no euros.
func (money *money) String() string {
	if money == nil {
		return "0.00 EUR"
	}
	whole, fraction, _ := strings.Cut(money.Amount, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + " " + whole[at:]
	}
	return whole + "." + fraction + " " + money.Currency
}

// Shows who the customer is.
func (screen *screen) customer(id string) error {
	customer, err := crm.Get[struct {
		Name      string `json:"name"`
		Addresses []struct {
			Street     string `json:"street"`
			PostalCode string `json:"postal_code"`
			Locality   string `json:"locality"`
		} `json:"addresses"`
		Phones []struct {
			Number string `json:"number"`
		} `json:"phones"`
	}](screen.session, "organisation.get", crm.Object{"id": id})
	if err != nil {
		return err
	}
	address := customer.Addresses[0]
	screen.line("Order 4711 · %s · %s, %s %s · %s\n%s", customer.Name, address.Street, address.PostalCode, address.Locality,
		customer.Phones[0].Number, rule)
	return nil
}

// Shows the open deals of a customer and their sums.
func (screen *screen) openDeals(customer string) error {
	// Filters reach through links; a value in double quotes is the same for every type.
	filter := fmt.Sprintf("organisation = %q and stage.stage_type = \"open\"", customer)
	page, err := crm.Get[struct {
		Records []struct {
			Name   string `json:"name"`
			Stage  string `json:"stage"`
			Person string `json:"person"`
			Close  string `json:"expected_close_date"`
			Amount *money `json:"amount"`
		} `json:"records"`
	}](screen.session, "deal.list", crm.Object{"filter": filter, "sort": []string{"expected_close_date"}, "limit": 100})
	if err != nil {
		return err
	}
	screen.line("%-32s %-15s %-16s %-10s %18s", "Open deals", "Stage", "Contact", "Close", "Amount")
	for _, deal := range page.Records {
		stage, err := crm.Get[struct{ Name string }](screen.session, "stage.get", crm.Object{"id": deal.Stage})
		if err != nil {
			return err
		}
		person, err := crm.Get[struct{ Name string }](screen.session, "person.card", crm.Object{"id": deal.Person})
		if err != nil {
			return err
		}
		screen.line("%-32s %-15s %-16s %-10s %18s", deal.Name, stage.Name, person.Name, deal.Close, deal.Amount)
	}
	return screen.sums(filter)
}

// Shows the sums of the deals that pass a filter. The engine adds up, exactly and per currency.
func (screen *screen) sums(filter string) error {
	groups, err := crm.Get[struct {
		Rows []struct{ Measures [3]any }
	}](screen.session, "deal.group", crm.Object{"filter": filter, "measures": []crm.Object{
		{"measure": "count"},
		{"measure": "sum", "of": "amount"},
		{"measure": "weighted", "of": "amount", "weight": "stage.probability"},
	}})
	if err != nil {
		return err
	}
	sums := groups.Rows[0].Measures
	screen.line("%-76s %18s", fmt.Sprintf("Sum of %v deals", sums[0]), amountOf(sums[1]))
	screen.line("%-76s %18s\n%s", "Weighted by the probability of their stages", amountOf(sums[2]), rule)
	return nil
}

// A measure that is money, or nil when there was nothing to add up.
func amountOf(measure any) *money {
	value, found := measure.(map[string]any)
	if !found {
		return nil
	}
	return &money{fmt.Sprint(value["amount"]), fmt.Sprint(value["currency"])}
}

// Shows which addresses of the contacts of a customer work.
func (screen *screen) addresses(customer string) error {
	page, err := crm.Get[struct {
		Records []struct {
			Given  string `json:"given_name"`
			Family string `json:"family_name"`
			Emails []struct {
				Address  string `json:"address"`
				Verified bool   `json:"verified"`
				Invalid  bool   `json:"invalid"`
			} `json:"emails"`
		} `json:"records"`
	}](screen.session, "person.list", crm.Object{"filter": fmt.Sprintf("organisation = %q", customer), "sort": []string{"created_at"}})
	if err != nil {
		return err
	}
	screen.line("%-19s %-34s %s", "May be mailed?", "Address", "What is known of it")
	works, all := 0, 0
	for _, person := range page.Records {
		for _, email := range person.Emails {
			known := "✓ not known to fail"
			if email.Invalid {
				known = "✗ does not work, mail came back"
			} else if email.Verified {
				known = "✓ works, and belongs to the contact"
			}
			screen.line("%-19s %-34s %s", person.Given+" "+person.Family, email.Address, known)
			all++
			if !email.Invalid {
				works++
			}
		}
	}
	screen.line("%d of %d addresses work\n%s", works, all, rule)
	return nil
}

// Shows how many deals stand in each stage, and their sums.
func (screen *screen) board(pipeline string) error {
	board, err := crm.Get[struct {
		Columns []struct {
			Name     string   `json:"name"`
			Count    int      `json:"count"`
			Amounts  []*money `json:"amounts"`
			Weighted []*money `json:"weighted"`
		} `json:"columns"`
	}](screen.session, "pipeline.board", crm.Object{"pipeline": pipeline})
	if err != nil {
		return err
	}
	screen.line("%-51s %5s %18s %18s", "Board", "Deals", "Sum", "Weighted")
	first := func(sums []*money) *money {
		if len(sums) == 0 {
			return nil
		}
		return sums[0]
	}
	for _, stage := range board.Columns {
		screen.line("%-51s %5d %18s %18s", stage.Name, stage.Count, first(stage.Amounts), first(stage.Weighted))
	}
	return nil
}
