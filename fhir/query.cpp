#include "fhir/query.hpp"

namespace cds::fhir {

std::string_view key(Query query) {
    switch (query) {
        case Query::patient:
            return "patient";
        case Query::encounter:
            return "encounter";
        case Query::medications:
            return "medications";
        case Query::statements:
            return "statements";
        case Query::administrations:
            return "administrations";
        case Query::dispenses:
            return "dispenses";
        case Query::conditions:
            return "conditions";
        case Query::allergies:
            return "allergies";
        case Query::observations:
            return "observations";
        case Query::procedures:
            return "procedures";
        case Query::service_requests:
            return "serviceRequests";
        case Query::count_:
            break;
    }
    return {};
}

std::string_view name(Reason reason) {
    switch (reason) {
        case Reason::none:
            return "none";
        case Reason::not_supplied:
            return "not-supplied";
        case Reason::unreachable:
            return "unreachable";
        case Reason::timed_out:
            return "timed-out";
        case Reason::not_permitted:
            return "not-permitted";
        case Reason::incomplete:
            return "incomplete";
        case Reason::unreadable:
            return "unreadable";
        case Reason::other_patient:
            return "other-patient";
        case Reason::unit_unknown:
            return "unit-unknown";
        case Reason::code_unknown:
            return "code-unknown";
        case Reason::date_imprecise:
            return "date-imprecise";
        case Reason::internal:
            return "internal";
        case Reason::count_:
            break;
    }
    return {};
}

}  // namespace cds::fhir
