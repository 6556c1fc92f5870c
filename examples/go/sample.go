package main

import (
	"fmt"

	"crm-core.example/order/crm"
)

// What the ERP keeps of the sample: the keys of the CRM, beside its own.
type sample struct {
	customer string
	pipeline string
	// The deal that the order of the screen settles.
	orderedDeal string
	wonStage    string
}

// A record of which only the key matters.
type record struct {
	ID string `json:"id"`
}

// A loader creates records one after the other; after a failure it does nothing more.
type loader struct {
	session *crm.Session
	err     error
}

func (loader *loader) call(operation string, input crm.Object, output any) {
	if loader.err == nil {
		if loader.err = loader.session.Call(operation, input, output); loader.err != nil {
			loader.err = fmt.Errorf("%s: %w", operation, loader.err)
		}
	}
}

func (loader *loader) create(recordType string, values crm.Object) string {
	var created record
	loader.call(recordType+".create", values, &created)
	return created.ID
}

func (loader *loader) person(customer, given, family, title string, email crm.Object) string {
	return loader.create("person", crm.Object{
		"given_name": given, "family_name": family, "job_title": title, "organisation": customer, "emails": []any{email},
	})
}

// Loads the sample of ../STORY.md into an empty database.
func loadSample(session *crm.Session) (sample, error) {
	loader := &loader{session: session}
	var made sample
	made.customer = loader.create("organisation", crm.Object{
		"name": "Nordwind Logistik GmbH", "industry": "Logistics",
		"addresses": []any{crm.Object{
			"street": "Am Sandtorkai 4", "postal_code": "20457", "locality": "Hamburg", "country": "DE",
		}},
		"phones": []any{crm.Object{"number": "040 30085300"}},
	})
	jana := loader.person(made.customer, "Jana", "Petersen", "Head of fleet",
		crm.Object{"address": "jana.petersen@nordwind.example", "verified": true})
	ole := loader.person(made.customer, "Ole", "Hansen", "Purchasing",
		crm.Object{"address": "o.hansen@nordwind.example", "invalid": true})
	mira := loader.person(made.customer, "Mira", "Scholz", "Warehouse",
		crm.Object{"address": "mira.scholz@nordwind.example"})

	stages, pipeline := loader.pipeline()
	made.pipeline, made.wonStage = pipeline, stages["won"]
	budget := loader.create("lost_reason", crm.Object{"name": "Budget"})

	for index, deal := range []struct{ name, stage, contact, amount, close string }{
		{"Forklifts for hall 3, 12 units", "negotiation", jana, "148500.00", "2026-12-04"},
		{"Maintenance 2027", "proposal", jana, "36900.00", "2026-12-18"},
		{"Racking, second building phase", "qualification", mira, "82250.50", "2027-02-26"},
		{"Charging station, trial", "lost", ole, "5400.00", "2026-10-30"},
	} {
		values := crm.Object{
			"name": deal.name, "stage": stages[deal.stage], "organisation": made.customer, "person": deal.contact,
			"amount":              crm.Object{"amount": deal.amount, "currency": "EUR"},
			"expected_close_date": deal.close,
		}
		if deal.stage == "lost" {
			values["lost_reason"] = budget
		}
		if id := loader.create("deal", values); index == 0 {
			made.orderedDeal = id
		}
	}
	return made, loader.err
}

// Makes a pipeline with the stages that most begin with. Gives the stages by their keys.
func (loader *loader) pipeline() (stages map[string]string, pipeline string) {
	var template map[string]any
	loader.call("pipeline.template", crm.Object{"name": "New business"}, &template)
	var made struct {
		Pipeline record `json:"pipeline"`
		Stages   []struct {
			record
			Key string `json:"key"`
		} `json:"stages"`
	}
	loader.call("pipeline.create_with_stages", template, &made)
	stages = make(map[string]string)
	for _, stage := range made.Stages {
		stages[stage.Key] = stage.ID
	}
	return stages, made.Pipeline.ID
}
