//! By HTTP, as phyphox does it: one POST after the other.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use reqwest::{Client, RequestBuilder, StatusCode, header};
use tokio::time::{sleep, sleep_until, timeout};

use super::{GIVE_UP, PATIENCE, Receipt, Run, pause};
use crate::faults::Mischief;
use crate::phone::Parcel;

/// How long a phone waits for the answer to a POST.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// A phone's HTTP client.
pub(crate) struct HttpCarrier {
    url: String,
    client: Client,
    mischief: Mischief,
}

/// What came of one POST.
enum Answer {
    Stored(Receipt),
    /// The hub will never take it: sending it again is no use.
    Refused(StatusCode),
    /// No answer, or "not now".
    Again(anyhow::Error),
}

impl HttpCarrier {
    /// `url` is the ingest address the hub gave at joining.
    pub(crate) fn new(url: String, mischief: Mischief) -> Result<Self> {
        Ok(Self { url, client: client()?, mischief })
    }

    pub(super) async fn run(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut overtaken = None;
        loop {
            while run.waiting.is_empty() && run.is_measuring() {
                let due = run.pace.at(run.supply.next_due());
                tokio::select! {
                    () = sleep_until(due) => run.waiting.extend(run.supply.take()?),
                    () = run.stop.asked() => {}
                }
            }
            let Some(parcel) = run.waiting.pop_front().or_else(|| overtaken.take()) else { return Ok(()) };
            let fate = self.mischief.next();
            if fate.reorder && overtaken.is_none() {
                overtaken = Some(parcel);
                continue;
            }
            run.sent(&parcel.cargo);
            if fate.drop {
                sleep(PATIENCE / 4).await;
            }
            if fate.duplicate || fate.reconnect {
                // Its answer is not heard: either the phone asks again at once, or its Wi-Fi is gone.
                let _ = self.post(&parcel).await;
                run.ledger.sent(&parcel.cargo);
            }
            if fate.reconnect {
                self.client = client()?;
            }
            self.deliver(&parcel, run).await?;
            if let Some(parcel) = overtaken.take() {
                run.sent(&parcel.cargo);
                self.deliver(&parcel, run).await?;
            }
        }
    }

    async fn deliver(&self, parcel: &Parcel, run: &mut Run<'_>) -> Result<()> {
        let (mut attempt, since) = (0, Instant::now());
        loop {
            match self.post(parcel).await {
                Answer::Stored(receipt) => {
                    run.receipt.add(receipt);
                    run.acknowledged(&parcel.cargo);
                    return Ok(());
                }
                Answer::Refused(status) => {
                    let readings = parcel.cargo.iter().map(|(_, rows)| rows.len() as u64).sum();
                    run.progress.refused(readings, status.as_str());
                    return Ok(());
                }
                Answer::Again(error) if since.elapsed() > GIVE_UP => return Err(error.context("gave up after 30 s")),
                Answer::Again(_) => sleep(pause(attempt)).await,
            }
            attempt += 1;
            run.ledger.sent(&parcel.cargo);
        }
    }

    async fn post(&self, parcel: &Parcel) -> Answer {
        let request = self.client.post(&self.url).header(header::CONTENT_TYPE, parcel.content_type).body(parcel.body.clone());
        let answer = timeout(ANSWER_LIMIT, answer(request)).await.context("no answer within 30 s");
        answer.unwrap_or_else(Answer::Again)
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) => return Answer::Again(error.into()),
    };
    let status = response.status();
    match status {
        // The status is the acknowledgement; an answer that cannot be read only leaves the readings uncounted.
        _ if status.is_success() => Answer::Stored(response.json().await.unwrap_or_default()),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Answer::Again(anyhow::anyhow!("the hub answered {status}")),
        _ if status.is_server_error() => Answer::Again(anyhow::anyhow!("the hub answered {status}")),
        _ => Answer::Refused(status),
    }
}

/// A connection pool of its own, as every phone has.
fn client() -> Result<Client> {
    Ok(Client::builder().tcp_nodelay(true).build()?)
}
