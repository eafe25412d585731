//! `GET /dashboard/figures`: all that the page shows at a glance, as of one moment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::span::Span;
use super::stats::{Group, StatsReply};
use super::status::{LimitsReply, StatusReply};

/// Of which time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FiguresQuery {
    /// Only what happened this long ago or later, to the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Span>,
}

/// The figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FiguresReply {
    /// The version of this object.
    pub schema_version: u32,
    /// The sums, as `GET /llm/cache/stats` tells them.
    pub stats: StatsReply,
    /// The same in groups.
    pub by: Groups,
    /// How the caller stands with each limit and budget.
    pub limits: LimitsReply,
    /// How the daemon is.
    pub status: StatusReply,
}

/// Sums in every grouping the page shows, each ordered by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Groups {
    /// `provider/model`.
    pub model: Vec<Group>,
    /// By provider.
    pub provider: Vec<Group>,
    /// By namespace.
    pub namespace: Vec<Group>,
    /// By day in UTC, `YYYY-MM-DD`.
    pub day: Vec<Group>,
    /// The last two days by hour in UTC, `YYYY-MM-DDTHH`.
    pub hour: Vec<Group>,
}
