// What Porcupine itself takes for its test data, as JSON. Copy this file into a checkout of
// github.com/anishathalye/porcupine, then: OUT=/tmp/go.json go test -run TestMeasure -timeout 1h
package porcupine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

type measured struct {
	File string `json:"file"`
	// Minima in nanoseconds: the same file again and again, and all files in turn.
	Repeated    int64 `json:"repeated"`
	Interleaved int64 `json:"interleaved"`
	Ok          bool  `json:"ok"`
}

func TestMeasure(t *testing.T) {
	out := os.Getenv("OUT")
	if out == "" {
		t.Skip("OUT names the file to write")
	}
	rounds := 5
	if text := os.Getenv("ROUNDS"); text != "" {
		rounds, _ = strconv.Atoi(text)
	}
	type subject struct {
		name  string
		model Model
		ops   []Event
	}
	var subjects []subject
	logs, _ := filepath.Glob("test_data/jepsen/*.log")
	for _, log := range logs {
		subjects = append(subjects, subject{filepath.Base(log), etcdModel, parseJepsenLog(log)})
	}
	kvs, _ := filepath.Glob("test_data/kv/*.txt")
	for _, kv := range kvs {
		subjects = append(subjects, subject{filepath.Base(kv), kvModel, parseKvLog(kv)})
	}
	results := make([]measured, len(subjects))
	once := func(i int) int64 {
		start := time.Now()
		results[i].Ok = CheckEvents(subjects[i].model, subjects[i].ops)
		return time.Since(start).Nanoseconds()
	}
	least := func(a *int64, b int64) {
		if *a == 0 || b < *a {
			*a = b
		}
	}
	for i := range subjects {
		results[i].File = subjects[i].name
		for spent, n := int64(0), 0; n < rounds || (spent < 20e6 && n < 200); n++ {
			took := once(i)
			spent += took
			least(&results[i].Repeated, took)
		}
	}
	for round := 0; round < rounds*4; round++ {
		for i := range subjects {
			least(&results[i].Interleaved, once(i))
		}
	}
	for _, name := range []string{"c10-bad", "c10-ok"} {
		events := parseKvLog("test_data/kv/" + name + ".txt")
		result := measured{File: name + ".txt, not split"}
		for n := 0; n < 2; n++ {
			start := time.Now()
			res := CheckEventsTimeout(kvNoPartitionModel, events, 60*time.Second)
			result.Ok = res == Ok
			least(&result.Repeated, time.Since(start).Nanoseconds())
		}
		result.Interleaved = result.Repeated
		results = append(results, result)
	}
	data, _ := json.MarshalIndent(results, "", "  ")
	if err := os.WriteFile(out, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
