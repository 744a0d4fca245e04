#pragma once
#include <string>
#include <string_view>

#include "cards/call.hpp"
#include "fhir/chart.hpp"
#include "hooks/engine.hpp"
#include "hooks/request.hpp"
#include "rules/evaluate.hpp"
#include "rules/trace.hpp"

// A look into a call while it is answered. Explanations and counts see the very evaluation that the
// cards were written from: nothing is worked out a second time.

namespace cds::hooks {

/// A call that was answered, with all that led to its cards. Valid inside `Observer::answered`
/// only.
struct Observed {
    rules::Knowledge const& knowledge;
    Site const& site;
    CdsService const& service;
    Request const& request;
    cards::Call const& call;
    fhir::Chart const& chart;
    rules::Evaluation const& evaluation;
    CallStats const& stats;
    std::string_view response;  ///< the body that the client gets
};

class Observer {
public:
    Observer() = default;
    Observer(Observer const&) = delete;
    Observer& operator=(Observer const&) = delete;
    virtual ~Observer() = default;
    /// Where the look-ups of the rules are to be kept; nullptr: nowhere.
    virtual rules::Trace* trace() { return nullptr; }
    virtual void answered(Observed const& call) = 0;
};

/// `answer`, with `observer` looking on; nullptr: nobody. A call that fails is not observed.
base::Result<CallStats> answer_observed(rules::Knowledge const& knowledge, Site const& site,
                                        Client const& client, std::string_view service_id,
                                        std::string_view body, base::Instant now,
                                        Workspace& workspace, std::string& out, Observer* observer);

}  // namespace cds::hooks
