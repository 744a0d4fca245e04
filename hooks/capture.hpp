#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "rules/knowledge.hpp"

// Order-sign requests from patients' histories: what an EHR would have sent when each order was
// signed (docs/alert-burden.md).

namespace cds::hooks {

/// Member of a request's `extension` that holds the instant at which it was captured. A replay
/// takes it as its clinical clock; the service does not read it.
inline constexpr std::string_view as_of_extension = "urn:countersign:as-of";

/// One captured request.
struct CapturedRequest {
    std::string body;       ///< JSON of an order-sign call
    base::Instant as_of{};  ///< also in the body
};

struct CaptureCounts {
    std::uint32_t patients = 0, requests = 0;
    std::uint32_t undated = 0;   ///< orders without a day in authoredOn: no clock to replay them at
    std::uint32_t nameless = 0;  ///< orders with neither a code nor a reference to a medication
    std::uint32_t unowned = 0;   ///< orders whose patient is not in the bundle
};

/// Makes a request for each MedicationRequest of a Bundle (transaction, collection or searchset of
/// R4) that says which drug it is about, in the order of the bundle, and hands it to `take`. The
/// order becomes a draft on its own authoredOn (a day alone: its noon, UTC). The prefetch is what
/// the service's own templates would find in the bundle, without what is dated after that instant;
/// what has no date stays. Other resources than the draft keep the state that they ended in; only a
/// reference to the patient by a fullUrl of the bundle becomes one by id.
///
/// One body is in memory at a time. Fails with `invalid` when `bundle` is no Bundle.
base::Result<CaptureCounts> capture(rules::Knowledge const& knowledge, base::json::Value bundle,
                                    std::function<void(CapturedRequest const&)> const& take);

/// The instant at which a request was captured; none when it does not say.
std::optional<base::Instant> captured_at(base::json::Value request);

}  // namespace cds::hooks
