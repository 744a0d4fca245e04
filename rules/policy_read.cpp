#include "rules/policy_read.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace cds::rules {

using base::json::Value;
using Change = PolicyEntry::Change;

namespace {

constexpr std::size_t longest_name = 120;      // code points, of names and owners
constexpr std::size_t longest_reason = 400;    // a paragraph
constexpr std::size_t longest_sentence = 240;  // cards are read in ten seconds
constexpr std::size_t longest_url = 400;
constexpr std::size_t most_entries = 500;

constexpr std::array<std::pair<std::string_view, Change>, 6> changes{
    {{"off", Change::off},
     {"shadow", Change::shadow},
     {"indicator", Change::indicator},
     {"threshold", Change::threshold},
     {"quiet", Change::quiet},
     {"add", Change::add}}};

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

/// An address that can stand in a card as it is: https, a host, nothing that ends a link early.
bool is_https(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return false;
    auto const rest = url.substr(scheme.size());
    auto const host = rest.substr(0, rest.find_first_of("/?#"));
    if (host.empty() || host.find('@') != host.npos) return false;
    return std::all_of(url.begin(), url.end(), [](char c) {
        return c > ' ' && c <= '~' &&
               std::string_view{"\"<>\\^`{|}()"}.find(c) == std::string::npos;
    });
}

}  // namespace

std::string_view name(Change change) {
    for (auto const& [word, one] : changes) {
        if (one == change) return word;
    }
    return {};
}

void PolicyReader::fail(Place const& place, std::string what) {
    if (!error_) error_ = base::Error{base::ErrorCode::invalid, place.text(), std::move(what)};
}

void PolicyReader::members(Value value, Place const& place,
                           std::initializer_list<std::string_view> known) {
    if (!value.is_object()) return fail(place, "an object is needed");
    for (auto const member : value) {
        if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
        std::string all;
        for (auto const name : known) all.append(all.empty() ? "" : ", ").append(name);
        fail(place.at(member.key()), "no such member; possible here: " + all);
    }
}

std::string PolicyReader::text(Value object, std::string_view name, Place const& place,
                               std::size_t longest) {
    auto const found = object[name].string();
    if (found.empty()) fail(place.at(name), "a text that is not empty is needed");
    if (base::code_points(found) > longest)
        fail(place.at(name), "too long; at most " + std::to_string(longest) + " characters");
    if (has_control(found)) fail(place.at(name), "one line without control characters is needed");
    return std::string{found};
}

std::string PolicyReader::optional_text(Value object, std::string_view name, Place const& place,
                                        std::size_t longest) {
    return object[name] ? text(object, name, place, longest) : std::string{};
}

base::Day PolicyReader::day(Value object, std::string_view name, Place const& place) {
    auto const date = base::parse_date(object[name].string(), base::Zone{});
    if (date.precision != base::Precision::day)
        fail(place.at(name), "a day is needed, as in 2027-05-31");
    return date.first;
}

RuleInfo const* PolicyReader::rule(Value value, Place const& place) {
    auto const* found = knowledge_.find(value.string());
    if (!found) fail(place, "there is no rule of this id; `countersign rules` lists them");
    return found;
}

std::vector<std::string> PolicyReader::rule_list_of(Value object, std::string_view name,
                                                    Place const& place) {
    std::vector<std::string> found;
    auto const here = place.at(name);
    if (!object[name]) return found;
    if (!object[name].is_array()) fail(here, "an array of rule ids is needed");
    for (auto const value : object[name]) {
        auto const one = here.at(found.size());
        rule(value, one);
        std::string id{value.string()};
        if (std::find(found.begin(), found.end(), id) != found.end())
            fail(one, "this id stands here twice");
        found.push_back(std::move(id));
    }
    return found;
}

void PolicyReader::read_safety_critical(Value value, Place const& place) {
    if (!value) return;
    members(value, place, {"owner", "reason", "add", "remove"});
    auto& list = made_.safety_critical;
    list.owner = text(value, "owner", place, longest_name);
    list.reason = text(value, "reason", place, longest_reason);
    list.added = rule_list_of(value, "add", place);
    list.removed = rule_list_of(value, "remove", place);
    for (std::size_t i = 0; i < list.removed.size(); ++i) {
        if (std::find(list.added.begin(), list.added.end(), list.removed[i]) != list.added.end())
            fail(place.at("remove").at(i), "the rule stands under add too; decide for one");
    }
}

void PolicyReader::read_indicator(Value value, Place const& place, PolicyEntry& entry) {
    auto const to = value["to"].string();
    if (entry.rule == "not-evaluated")
        return fail(place.at("change"),
                    "the card of what was not checked is always info and last; remove this entry");
    if (to == "up" || to == "down") {
        entry.step = to == "up" ? 1 : -1;
        return;
    }
    for (auto const one : {Indicator::info, Indicator::warning, Indicator::critical}) {
        if (rules::name(one) == to) entry.indicator = one;
    }
    if (!entry.indicator)
        fail(place.at("to"), "one of down, up, info, warning, critical is needed");
}

void PolicyReader::read_audience(Value value, Place const& place, PolicyEntry& entry) {
    auto const specialties = value["specialties"];
    if (specialties && !specialties.is_array())
        fail(place.at("specialties"), "an array of objects with system and code is needed");
    for (auto const one : specialties) {
        auto const list = place.at("specialties");
        auto const here = list.at(entry.specialties.size());
        members(one, here, {"system", "code", "display"});
        PolicyEntry::Specialty specialty{text(one, "system", here, longest_url),
                                         text(one, "code", here, longest_name)};
        optional_text(one, "display", here, longest_name);
        if (std::find(entry.specialties.begin(), entry.specialties.end(), specialty) !=
            entry.specialties.end())
            fail(here, "this specialty stands here twice");
        entry.specialties.push_back(std::move(specialty));
    }
    auto const clients = value["clients"];
    if (clients && !clients.is_array()) fail(place.at("clients"), "an array of ids is needed");
    for (auto const one : clients) {
        auto const list = place.at("clients");
        auto const here = list.at(entry.clients.size());
        std::string id{one.string()};
        if (id.empty()) fail(here, "the id of a client is needed");
        if (std::find(entry.clients.begin(), entry.clients.end(), id) != entry.clients.end())
            fail(here, "this client stands here twice");
        entry.clients.push_back(std::move(id));
    }
    if (entry.specialties.empty() && entry.clients.empty())
        fail(place, "for whom is missing: specialties, clients or both; for all it is off");
}

void PolicyReader::read_url(Value value, Place const& place, PolicyEntry& entry) {
    members(value, place, {"label", "url"});
    entry.guideline_label = text(value, "label", place, 80);
    entry.guideline_url = text(value, "url", place, longest_url);
    if (!is_https(entry.guideline_url))
        fail(place.at("url"), "an address that begins with https:// and a host is needed");
}

void PolicyReader::read_addition(Value value, Place const& place, PolicyEntry& entry) {
    if (value["guideline"]) read_url(value["guideline"], place.at("guideline"), entry);
    entry.contact = optional_text(value, "contact", place, longest_name);
    entry.sentence = optional_text(value, "sentence", place, longest_sentence);
    if (entry.guideline_url.empty() && entry.contact.empty() && entry.sentence.empty())
        fail(place, "nothing is added: guideline, contact or sentence is needed");
}

void PolicyReader::read_entry(Value value, Place const& place) {
    PolicyEntry entry;
    auto const* known = rule(value["rule"], place.at("rule"));
    entry.rule = value["rule"].string();
    entry.owner = text(value, "owner", place, longest_name);
    entry.reason = text(value, "reason", place, longest_reason);
    entry.expires = day(value, "expires", place);
    auto const word = value["change"].string();
    auto const change = std::find_if(changes.begin(), changes.end(),
                                     [&](auto const& one) { return one.first == word; });
    if (change == changes.end())
        return fail(place.at("change"),
                    "one of off, shadow, indicator, threshold, quiet, add is needed");
    entry.change = change->second;
    switch (entry.change) {
        case Change::off:
        case Change::shadow:
            members(value, place, {"rule", "change", "owner", "reason", "expires"});
            break;
        case Change::indicator:
            members(value, place, {"rule", "change", "to", "owner", "reason", "expires"});
            read_indicator(value, place, entry);
            break;
        case Change::threshold:
            members(value, place,
                    {"rule", "change", "name", "value", "unit", "owner", "reason", "expires"});
            if (known) read_threshold(value, place, *known, entry);
            break;
        case Change::quiet:
            members(value, place,
                    {"rule", "change", "specialties", "clients", "owner", "reason", "expires"});
            read_audience(value, place, entry);
            break;
        case Change::add:
            members(value, place,
                    {"rule", "change", "guideline", "contact", "sentence", "owner", "reason",
                     "expires"});
            read_addition(value, place, entry);
            break;
    }
    made_.entries.push_back(std::move(entry));
}

base::Result<Policy> PolicyReader::read(std::string_view json) {
    base::json::Document document;
    auto const root = document.parse(json);
    if (!root) return base::Error{root.error().code, "#" + root.error().where, root.error().what};
    Place const place{""};
    made_.digest = base::sha256_hex(json);
    members(*root, place, {"title", "version", "owner", "reviewBy", "safetyCritical", "entries"});
    made_.title = text(*root, "title", place, longest_name);
    made_.version = text(*root, "version", place, 40);
    made_.owner = text(*root, "owner", place, longest_name);
    made_.review_by = day(*root, "reviewBy", place);
    read_safety_critical((*root)["safetyCritical"], place.at("safetyCritical"));
    auto const entries = (*root)["entries"];
    auto const here = place.at("entries");
    if (!entries.is_array()) fail(here, "an array is needed; it may be empty");
    if (entries.size() > most_entries)
        fail(here, "more than " + std::to_string(most_entries) + " entries");
    std::size_t number = 0;
    for (auto const entry : entries) {
        if (error_) break;
        read_entry(entry, here.at(number++));
    }
    // Entries refer to each other by place, so these come only when each was read.
    if (!error_) check_conflicts();
    if (!error_) check_order_of_thresholds();
    if (error_) return *std::move(error_);
    return std::move(made_);
}

base::Result<Policy> Policy::read(std::string_view json, Knowledge const& knowledge) {
    return PolicyReader{knowledge}.read(json);
}

}  // namespace cds::rules
