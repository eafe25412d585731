//! `llmc limits`: the calls left, and the money.

use super::context::{Answerer, Context};
use super::screen::harmless;
use super::table::{self, Table};
use crate::api::status::LimitsReply;
use crate::client::Asked;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::error::Result;

/// Shows how this user stands with each class.
pub fn run(context: &Context<'_>) -> Result<()> {
    let asked = Asked { method: "GET", path: "/limits".into(), ..Asked::default() };
    let reply: LimitsReply = context.ask_json(Answerer::WhoeverIsThere, asked)?;
    if context.screen.json {
        return context.screen.object(&reply);
    }
    let now = SystemClock.now();
    let mut limits = Table::new(&["class", ">left", ">of", ">window", ">next place"]);
    for limit in &reply.limits {
        let wait = Timestamp(limit.reset_at).since(now);
        limits.row([
            limit.class.clone(),
            limit.remaining.to_string(),
            limit.limit.to_string(),
            table::span(limit.window_seconds as u64),
            if limit.remaining > 0 { "now".to_owned() } else { format!("in {}", table::span(wait.as_secs() + 1)) },
        ]);
    }
    limits.lines().iter().try_for_each(|line| context.screen.line(line))?;
    if reply.budgets.is_empty() {
        return Ok(());
    }
    let mut budgets = Table::new(&["budget", "namespace", ">left", ">of", ">spent", ">set aside", ">anew"]);
    for budget in &reply.budgets {
        budgets.row([
            budget.period.clone(),
            budget.namespace.as_deref().map_or("all".to_owned(), harmless),
            table::dollars(budget.left_usd),
            table::dollars(budget.limit_usd),
            table::dollars(budget.spent_usd),
            table::dollars(budget.reserved_usd),
            format!("in {}", table::span(Timestamp(budget.reset_at).since(now).as_secs() + 1)),
        ]);
    }
    context.screen.line("")?;
    budgets.lines().iter().try_for_each(|line| context.screen.line(line))
}
