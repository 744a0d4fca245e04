#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <limits>

#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/feedback_lines.hpp"
#include "server/keeping.hpp"
#include "server/offline.hpp"
#include "store/store.hpp"

namespace cds::server {
namespace {

constexpr std::size_t write_at_once = 64 * 1024;
constexpr std::size_t rows_at_once = 1000;

/// What all three share: where the store is, whose calendar counts, and which time is asked for.
struct Choice {
    std::string config, store, zone, since, until;

    void offer(CLI::App& app) {
        app.add_option("--config", config, "JSON file with settings, as for `serve`.");
        app.add_option("--store", store, "Where the store is, as for `serve`.");
        app.add_option("--site-zone", zone, "Time zone of the days, as for `serve`.");
    }
    void offer_span(CLI::App& app) {
        app.add_option("--since", since,
                       "First day (2026-03-10) or month (2026-03), or an instant; the beginning "
                       "when left out.");
        app.add_option("--until", until,
                       "Last day or month, itself included, or an instant that is not; now when "
                       "left out.");
    }

    base::Result<Settings> settings() const {
        Sources sources;
        sources.config_file = config;
        sources.environment = environment_settings(environ);
        if (!store.empty()) sources.flags.emplace_back("store", store);
        if (!zone.empty()) sources.flags.emplace_back("site-zone", zone);
        return load_settings(sources);
    }
};

/// A store of these settings, opened by one of the two functions of store/store.hpp.
base::Result<std::unique_ptr<store::Database>> open(
    Settings const& settings,
    base::Result<std::unique_ptr<store::Database>> (*how)(store::Place const&)) {
    auto const place = store_place(settings);
    if (!place) return place.error();
    return how(*place);
}

base::Instant start_of(base::Day day, base::Zone const& zone) {
    return zone.instant_of(std::chrono::local_days{day.time_since_epoch()});
}

base::Result<base::Date> read_date(std::string const& text, base::Zone const& zone,
                                   char const* option) {
    auto const date = base::parse_date(text, zone);
    if (!date)
        return base::Error{base::ErrorCode::invalid, option,
                           "This is no date; write 2026-03-10, 2026-03 or an instant."};
    return date;
}

base::Result<store::Span> read_span(Choice const& choice, base::Zone const& zone) {
    auto span = store::all_time();
    if (!choice.since.empty()) {
        auto const date = read_date(choice.since, zone, "--since");
        if (!date) return date.error();
        span.since = date->has_time() ? date->instant : start_of(date->first, zone);
    }
    if (!choice.until.empty()) {
        auto const date = read_date(choice.until, zone, "--until");
        if (!date) return date.error();
        span.until =
            date->has_time() ? date->instant : start_of(date->last + std::chrono::days{1}, zone);
    }
    return span;
}

/// Collects text for standard output and writes it in large pieces.
class Output {
public:
    ~Output() { flush(); }
    std::string text;
    void flush_when_large() {
        if (text.size() >= write_at_once) flush();
    }
    void flush() {
        std::fwrite(text.data(), 1, text.size(), stdout);
        text.clear();
    }
};

base::Result<void> write_rows(store::Database& database, store::Span span,
                              std::string const& format, bool with_cards) {
    Output out;
    bool const csv = format == "csv";
    if (csv) out.text += csv_heads();
    auto const done = store::each_feedback(database, span, [&](store::ReportedCard const& row) {
        if (csv)
            append_csv(row, out.text);
        else
            append_ndjson(row, out.text);
        out.flush_when_large();
    });
    if (!done || !with_cards) return done;
    return store::each_card(database, span, [&](store::CardRow const& row) {
        append_ndjson(row, out.text);
        out.flush_when_large();
    });
}

int run_export(Choice const& choice, std::string const& format, bool with_cards) {
    if (with_cards && format == "csv")
        return failed({base::ErrorCode::invalid, "--cards",
                       "Cards and feedback have different columns; cards come as ndjson only."});
    auto const settings = choice.settings();
    if (!settings) return failed(settings.error());
    auto const span = read_span(choice, *base::Zone::find(settings->site_zone));
    if (!span) return failed(span.error());
    auto const database = open(*settings, store::open_for_reading);
    if (!database) return failed(database.error());
    auto const done = write_rows(**database, *span, format, with_cards);
    return done ? 0 : failed(done.error());
}

int run_report(Choice const& choice, std::string const& by, std::string const& format) {
    auto const settings = choice.settings();
    if (!settings) return failed(settings.error());
    auto const zone = *base::Zone::find(settings->site_zone);
    auto const span = read_span(choice, zone);
    if (!span) return failed(span.error());
    auto const step = by == "day"    ? store::Step::day
                      : by == "week" ? store::Step::week
                                     : store::Step::month;
    auto const database = open(*settings, store::open_for_reading);
    if (!database) return failed(database.error());
    auto const report = store::make_report(**database, *span, zone, step);
    if (!report) return failed(report.error());
    auto const text = format == "csv" ? report_csv(*report) : report_text(*report);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return 0;
}

/// The rows of a file, all of them or the first line that cannot be read.
struct Exported {
    std::vector<store::FeedbackRow> feedback;
    std::vector<store::CardRow> cards;
};

base::Result<Exported> read_lines(std::string_view text) {
    Exported rows;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        auto read = read_ndjson(line);
        if (!read) {
            auto error = read.error();
            error.where =
                "line " + std::to_string(number) + (error.where.empty() ? "" : ", " + error.where);
            return error;
        }
        if (auto* const row = std::get_if<store::FeedbackRow>(&*read))
            rows.feedback.push_back(std::move(*row));
        else
            rows.cards.push_back(std::get<store::CardRow>(*std::move(read)));
    }
    return rows;
}

/// Inserts in transactions of bounded size; returns how many rows were new.
template <class Row>
base::Result<std::int64_t> insert_all(store::Database& database, std::span<Row const> rows,
                                      base::Result<std::int64_t> (*insert)(store::Database&,
                                                                           std::span<Row const>)) {
    std::int64_t fresh = 0;
    while (!rows.empty()) {
        auto const some = rows.first(std::min(rows.size(), rows_at_once));
        if (auto const begun = database.begin(); !begun) return begun.error();
        auto const added = insert(database, some);
        auto const kept = added ? database.commit() : base::Result<void>{added.error()};
        if (!kept) {
            database.roll_back();
            return kept.error();
        }
        fresh += *added;
        rows = rows.subspan(some.size());
    }
    return fresh;
}

int run_import(Choice const& choice, std::string const& file) {
    auto const settings = choice.settings();
    if (!settings) return failed(settings.error());
    auto const text = read_input(file);
    if (!text) return failed({base::ErrorCode::not_found, file, "The file cannot be read."});
    auto const rows = read_lines(*text);
    if (!rows) return failed(rows.error());
    auto const database = open(*settings, store::open_for_writing);
    if (!database) return failed(database.error());
    auto const feedback =
        insert_all<store::FeedbackRow>(**database, rows->feedback, store::insert_feedback);
    if (!feedback) return failed(feedback.error());
    auto const cards = insert_all<store::CardRow>(**database, rows->cards, store::insert_cards);
    if (!cards) return failed(cards.error());
    std::printf("%zu reports read, %lld of them new; %zu cards read, %lld of them new.\n",
                rows->feedback.size(), static_cast<long long>(*feedback), rows->cards.size(),
                static_cast<long long>(*cards));
    return 0;
}

}  // namespace

/// Exit status 1 when the store or the file cannot be read or written.
int command_feedback(Arguments arguments) {
    CLI::App app{
        "Exports, counts and imports what clients reported about cards. Reads the store beside a "
        "running service.",
        "countersign feedback"};
    app.require_subcommand(1);
    Choice choice;
    std::string export_format = "ndjson", report_format = "text", by = "month", file;
    bool with_cards = false;
    auto* const exporting = app.add_subcommand("export", "Print the reports, oldest first.");
    choice.offer(*exporting);
    choice.offer_span(*exporting);
    exporting->add_option("--format", export_format, "ndjson or csv.")
        ->check(CLI::IsMember({"ndjson", "csv"}));
    exporting->add_flag("--cards", with_cards, "Print the cards sent too (ndjson).");
    auto* const reporting = app.add_subcommand(
        "report",
        "Count for each rule the cards shown, accepted, overridden by reason and ignored.");
    choice.offer(*reporting);
    choice.offer_span(*reporting);
    reporting->add_option("--by", by, "month, week or day.")
        ->check(CLI::IsMember({"month", "week", "day"}));
    reporting->add_option("--format", report_format, "text or csv.")
        ->check(CLI::IsMember({"text", "csv"}));
    auto* const importing = app.add_subcommand(
        "import", "Store the reports of an export; those that are there already stay as they are.");
    choice.offer(*importing);
    importing->add_option("file", file, "File that `feedback export` wrote, or -.")->required();
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    if (exporting->parsed()) return run_export(choice, export_format, with_cards);
    if (reporting->parsed()) return run_report(choice, by, report_format);
    return run_import(choice, file);
}

}  // namespace cds::server
