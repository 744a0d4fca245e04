#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cards/json_list.hpp"
#include "cards/json_object.hpp"
#include "hooks/capture.hpp"
#include "hooks/tally.hpp"
#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/folder.hpp"
#include "server/live.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

struct Unread {
    std::string file, where, what;
};

/// Answers the requests of a folder one after the other.
class Replay {
public:
    Replay(Live const& live, base::Instant otherwise) : live_{live}, otherwise_{otherwise} {}

    void answer(std::filesystem::path const& path) {
        auto const name = path.filename().string();
        auto const body = read_input(path.string());
        if (!body) return fail(name, {base::ErrorCode::not_found, "", "It cannot be read."});
        auto const request = document_.parse(*body);
        if (!request) return fail(name, request.error());
        auto const as_of = hooks::captured_at(*request);
        std::string out;
        auto const stats =
            hooks::answer_observed(*live_.knowledge, live_.site, live_.dialogues.with({}).client,
                                   hooks::service_id_for(*request), *body,
                                   as_of.value_or(otherwise_), workspace_, out, &tally_);
        if (!stats) return fail(name, stats.error());
        if (!as_of) ++without_clock_;
    }

    std::vector<Unread> const& unread() const { return unread_; }

    std::string text() const {
        auto out = tally_.table(*live_.knowledge);
        if (without_clock_ > 0)
            out += "\nWithout an instant of their own: " + std::to_string(without_clock_) +
                   ", answered at " + base::iso(otherwise_) + ".\n";
        if (!unread_.empty())
            out += "\nNot answered: " + std::to_string(unread_.size()) + " files.\n";
        for (auto const& one : unread_)
            out += "- " + one.file + ", at " + one.where + ": " + one.what + "\n";
        return out;
    }

    std::string json() const {
        std::string out;
        cards::JsonObject object{out};
        object.member("replay") += tally_.json(*live_.knowledge);
        object.member("withoutInstant") += std::to_string(without_clock_);
        cards::JsonList list{object.member("notAnswered")};
        for (auto const& one : unread_) {
            cards::JsonObject element{list.next()};
            element.text("file", one.file);
            element.text("where", one.where);
            element.text("what", one.what);
            element.close();
        }
        list.close();
        object.close();
        return out;
    }

private:
    void fail(std::string const& name, base::Error const& error) {
        unread_.push_back({name, error.where.empty() ? "the document" : error.where, error.what});
    }

    Live const& live_;
    base::Instant otherwise_;
    base::json::Document document_;
    hooks::Workspace workspace_;
    hooks::Tally tally_;
    std::vector<Unread> unread_;
    std::size_t without_clock_ = 0;
};

}  // namespace

/// Counts what the rules say about a folder of requests; exit status 1 when one cannot be answered.
int command_replay(Arguments arguments) {
    CLI::App app{
        "Answers every *.json request of a folder, each at the instant at which it was captured "
        "(else at --as-of, else now), and counts the cards and interruptions that each rule "
        "causes.",
        "countersign replay"};
    std::string folder;
    bool as_json = false;
    app.add_option("folder", folder, "Folder of order-sign requests, or one request.")->required();
    app.add_flag("--json", as_json, "Print JSON.");
    OfflineOptions const options{app};
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const live = load_live(options.sources());
    if (!live) return failed(live.error());
    auto const files = json_files(folder);
    if (!files) return failed(files.error());
    Replay replay{**live, (*live)->clinical_time(real_now())};
    for (auto const& path : *files) replay.answer(path);
    auto const report = as_json ? replay.json() + "\n" : replay.text();
    std::fputs(report.c_str(), stdout);
    return replay.unread().empty() ? 0 : 1;
}

}  // namespace cds::server
