#pragma once
#include <string_view>
#include <vector>

namespace cds::rules {

/// A medical specialty as FHIR codes it.
struct Specialty {
    std::string_view system;  ///< "http://snomed.info/sct"
    std::string_view code;
};

/// Who reads the cards of a call, as far as the call itself tells. A site's policy may keep a card
/// from some of them.
struct Audience {
    std::string_view client;             ///< id of the registered client; empty: the default one
    std::vector<Specialty> specialties;  ///< empty: not told, so nothing is kept back for it
};

}  // namespace cds::rules
