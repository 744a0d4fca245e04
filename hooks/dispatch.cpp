#include "hooks/dispatch.hpp"

#include <algorithm>
#include <string>

#include "hooks/resources.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

/// An order is new for as long as a gap does not end a therapy (catalogue 3.3).
constexpr int new_order_days = 28;

/// "Type/id" at the end of a reference, without a version; empty when there is none.
std::string_view type_and_id(std::string_view reference) {
    if (auto const version = reference.find("/_history/"); version != reference.npos)
        reference = reference.substr(0, version);
    auto const slash = reference.rfind('/');
    if (slash == reference.npos || slash == 0) return {};
    auto const before = reference.rfind('/', slash - 1);
    return before == reference.npos ? reference : reference.substr(before + 1);
}

bool is_absolute(std::string_view reference) { return reference.find(':') != reference.npos; }

bool leads_to(std::string_view reference, Resource const& resource) {
    if (!resource.full_url.empty() && reference == resource.full_url) return true;
    // Two servers may use one id.
    if (is_absolute(reference) && is_absolute(resource.full_url) &&
        resource.full_url.starts_with("http") &&
        type_and_id(reference) == type_and_id(resource.full_url)) {
        return reference.starts_with(resource.full_url);
    }
    auto const wanted = type_and_id(reference);
    auto const slash = wanted.find('/');
    if (slash == wanted.npos) return false;
    return wanted.substr(0, slash) == resource.value["resourceType"].string() &&
           wanted.substr(slash + 1) == resource.value["id"].string();
}

class Finder {
public:
    Finder(Value context, Value prefetch)
        : context_{context}, in_prefetch_{resources_in(prefetch)} {}

    base::Result<Dispatched> find() {
        auto any = take(context_["dispatchedOrders"]);
        for (std::string_view const old : {"order", "dispatched-orders"}) {
            if (!context_[old]) continue;
            any = take(context_[old]) || any;
            if (old != "order") tolerate(old);
        }
        if (!any) {
            return base::Error{
                base::ErrorCode::invalid, "/context/dispatchedOrders",
                "The context names no order. Send the references of the dispatched orders in "
                "dispatchedOrders (order-dispatch 1.1) or order (1.0)."};
        }
        return std::move(found_);
    }

private:
    bool take(Value value) {
        auto any = false;
        for (auto const one : value.each()) any = take_one(one, value.key()) || any;
        if (value.is_string() && value.key() == "dispatchedOrders") tolerate(value.key());
        return any;
    }

    bool take_one(Value one, std::string_view member) {
        if (one.is_object()) tolerate(member);
        if (one["resourceType"]) {  // the order itself
            add(one);
            return true;
        }
        auto const reference = one.is_object() ? one["reference"].string() : one.string();
        if (reference.empty()) return false;
        if (auto const order = target(reference)) {
            add(order);
        } else if (std::find(found_.not_found.begin(), found_.not_found.end(), reference) ==
                   found_.not_found.end()) {
            found_.not_found.push_back(reference);
        }
        return true;
    }

    void tolerate(std::string_view member) {
        found_.tolerated.push_back({"/context/" + std::string{member}, Leniency::dispatched_form});
    }

    Value target(std::string_view reference) const {
        if (reference.starts_with('#')) return contained(reference.substr(1));
        for (auto const& resource : in_prefetch_) {
            if (leads_to(reference, resource)) return resource.value;
        }
        return {};
    }

    Value contained(std::string_view id) const {
        for (std::string_view const name : {"fulfillmentTasks", "task", "fulfillment-tasks"}) {
            for (auto const task : context_[name].each()) {
                for (auto const resource : task["contained"].each()) {
                    auto own = resource["id"].string();
                    if (own.starts_with('#')) own.remove_prefix(1);
                    if (own == id) return resource;
                }
            }
        }
        return {};
    }

    /// Both versions' members may name the same order.
    void add(Value order) {
        auto const same = [&](Value other) { return other.node() == order.node(); };
        if (std::none_of(found_.orders.begin(), found_.orders.end(), same))
            found_.orders.push_back(order);
    }

    Value context_;
    std::vector<Resource> in_prefetch_;
    Dispatched found_;
};

bool is_new(fhir::MedicationRow const& row, base::Day today) {
    auto const& start = row.bounds_start ? row.bounds_start : row.authored;
    return start && base::days_between(start.first, today) <= new_order_days;
}

}  // namespace

base::Result<Dispatched> read_dispatched(Value context, Value prefetch) {
    return Finder{context, prefetch}.find();
}

void set_new_orders_apart(fhir::PatientRecord& record) {
    auto const today = record.context.today;
    std::erase_if(record.medications, [&](fhir::MedicationRow const& stored) {
        if (stored.source != fhir::MedicationSource::request || stored.id.empty()) return false;
        return is_new(stored, today) &&
               std::any_of(record.drafts.begin(), record.drafts.end(),
                           [&](fhir::MedicationRow const& row) { return row.id == stored.id; });
    });
}

}  // namespace cds::hooks
