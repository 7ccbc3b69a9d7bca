//! The program's numbers, as Prometheus reads them.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// The bounds between which answers are counted. Seconds.
const ANSWER_BUCKETS_S: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Where the numbers are read; cheap to clone.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// Why the numbers cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] BuildError);

impl Metrics {
    /// Collects what the whole program counts from now on. Once a process.
    ///
    /// # Errors
    /// There is a recorder already.
    pub fn install() -> Result<Self, MetricsError> {
        Ok(Self(builder()?.install_recorder()?))
    }

    /// Collects nothing of the process: for a server that shares it with others.
    ///
    /// # Errors
    /// None in practice: the buckets are constants.
    pub fn detached() -> Result<Self, MetricsError> {
        Ok(Self(builder()?.build_recorder().handle()))
    }

    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Empties the buffers of the histograms into their buckets; to be called every few seconds,
    /// or an unread histogram grows.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("http_request_duration_seconds".to_owned()), &ANSWER_BUCKETS_S)
}

/// Counts every answer by method, route and status, and logs it at debug.
pub async fn measure(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    // The route, not the path: ids would make a time series each.
    let route = request.extensions().get::<MatchedPath>().map_or("console", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let took = began.elapsed();
    let status = response.status().as_u16();
    tracing::debug!(%method, route, status, took_ms = took.as_millis() as u64, "answered");
    metrics::counter!(
        "http_requests_total",
        "method" => known(&method),
        "route" => route,
        "status" => status.to_string(),
    )
    .increment(1);
    metrics::histogram!("http_request_duration_seconds").record(took);
    response
}

/// A stranger's invented methods make no time series.
fn known(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
