#include "hooks/resources.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

class Collector {
public:
    explicit Collector(std::vector<Resource>& found) : found_{found} {}

    void look_at(Value value, std::string at) {
        if (!value["resourceType"] && value["resource"].is_object()) {
            value = value["resource"];
            at += "/resource";
        }
        if (value.is_array()) return look_at_each(value, at);
        auto const type = value["resourceType"].string();
        if (type == "Bundle" || (type.empty() && value["entry"]))
            return look_at_each(value["entry"], at + "/entry");
        if (!type.empty() && type != "OperationOutcome")
            found_.push_back({value, std::move(at), {}});
    }

private:
    void look_at_each(Value list, std::string const& at) {
        if (!list.is_array()) {
            if (list) look_at_entry(list, at);
            return;
        }
        std::size_t place = 0;
        for (auto const entry : list) look_at_entry(entry, at + "/" + std::to_string(place++));
    }
    void look_at_entry(Value entry, std::string at) {
        auto const full_url = entry["fullUrl"].string();
        for (int depth = 0; depth < 2; ++depth) {  // an entry, and before CDS Hooks 1.0 a wrapping
            if (entry["resourceType"] || !entry["resource"].is_object()) break;
            entry = entry["resource"];
            at += "/resource";
        }
        auto const type = entry["resourceType"].string();
        if (!type.empty() && type != "OperationOutcome")
            found_.push_back({entry, std::move(at), full_url});
    }

    std::vector<Resource>& found_;
};

/// A member's name as a part of a JSON pointer (RFC 6901, section 3).
void append_pointer_part(std::string_view name, std::string& out) {
    for (char const c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
}

void collect_prefetch(Value prefetch, Collector& collector) {
    for (auto const member : prefetch) {
        std::string at{"/prefetch/"};
        append_pointer_part(member.key(), at);
        collector.look_at(member, std::move(at));
    }
}

}  // namespace

std::vector<Resource> resources_in(Value prefetch) {
    std::vector<Resource> found;
    Collector collector{found};
    collect_prefetch(prefetch, collector);
    return found;
}

std::vector<Resource> resources_of(Request const& request) {
    std::vector<Resource> found;
    Collector collector{found};
    collector.look_at(request.draft_orders, "/context/draftOrders");
    collect_prefetch(request.prefetch, collector);
    return found;
}

Places places_of(std::vector<Resource> const& resources) {
    Places places;
    for (auto const& resource : resources) places.emplace(resource.value.node(), resource.at);
    return places;
}

}  // namespace cds::hooks
