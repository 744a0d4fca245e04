#pragma once
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "store/report.hpp"
#include "store/rows.hpp"

// Feedback as text: what `countersign feedback` writes and reads.

namespace cds::server {

/// Appends one report as a line of JSON: the members of CDS Hooks, and what the service knows.
void append_ndjson(store::ReportedCard const& row, std::string& out);
/// Appends a card that was sent as a line of JSON.
void append_ndjson(store::CardRow const& row, std::string& out);

/// The heads of the columns of `append_csv`, as a line.
std::string_view csv_heads();
/// Appends one report as a line of CSV (RFC 4180).
void append_csv(store::ReportedCard const& row, std::string& out);
/// Appends a value as a field of CSV. What a spreadsheet would take for a formula (it begins with
/// = + - @, a tab or a carriage return) gets an apostrophe in front.
void append_csv_field(std::string_view value, std::string& out);

/// Reads a line of `append_ndjson`, with the rules of the feedback route. Fails as that does.
using ExportedLine = std::variant<store::FeedbackRow, store::CardRow>;
base::Result<ExportedLine> read_ndjson(std::string_view line);

/// The report for people: tables in Markdown, of all periods and of each.
std::string report_text(store::Report const& report);
/// The report for a spreadsheet: a line for each rule, period, outcome and reason.
std::string report_csv(store::Report const& report);
/// The report for programs: `rules`, each with its `periods`, and `notOnRecord`.
std::string report_json(store::Report const& report);

}  // namespace cds::server
