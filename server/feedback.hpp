#pragma once
#include <chrono>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cards/sent.hpp"
#include "hooks/feedback.hpp"
#include "server/coroutine.hpp"
#include "server/reply.hpp"
#include "server/routes.hpp"
#include "server/worker.hpp"
#include "store/rows.hpp"

namespace cds::server {

/// The rows of a feedback call.
std::vector<store::FeedbackRow> feedback_rows(hooks::Feedback&& feedback, std::string_view client,
                                              std::string_view service, base::Instant received_at);

/// The rows of an answer's cards.
std::vector<store::CardRow> card_rows(std::span<cards::SentCard const> cards,
                                      std::string_view client, base::Instant sent_at);

/// Reads a feedback call. When it is good, `reply` holds the rows that must be durable before it is
/// sent, and the answer, which is the same whatever the store knows of the cards.
void answer_feedback(hooks::Client const& client, std::string_view service, std::string_view body,
                     Moment const& moment, Reply& reply);

/// Does what a reply still waits for: stores `to_keep`, or reads `report`. 200 only for what is
/// durable, and for a report that could be read.
Task<void> finish_with_store(Worker& worker, std::shared_ptr<Live const> live,
                             std::string_view request_id, Reply& reply);

/// Stores the rows and waits, without holding the worker's thread. Fails with store_unavailable
/// when they are not durable, or not certain to be after `patience`.
Task<base::Result<void>> make_durable(Worker& worker, std::vector<store::FeedbackRow> rows,
                                      std::chrono::milliseconds patience);

}  // namespace cds::server
