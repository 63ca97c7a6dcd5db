//! Takes callbacks as a customer's server would, and answers as it is told.

use std::{
    collections::VecDeque,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::StatusCode,
    web::{self, Bytes, Data},
};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::time::Instant;

/// A callback as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    pub(super) path: String,
    pub(super) content_type: Option<String>,
    pub(super) authorization: Option<String>,
    pub(super) x_ts_authorization: Option<String>,
    pub(super) body: Vec<u8>,
    pub(super) at: Instant,
}

impl Arrived {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Inbox {
    arrived: Mutex<Vec<Arrived>>,
    /// Statuses of the next answers; 200 afterwards, and no answer at all for 0.
    answers: Mutex<VecDeque<u16>>,
}

pub(super) struct Receiver {
    address: SocketAddr,
    inbox: Arc<Inbox>,
    server: ServerHandle,
}

impl Receiver {
    pub(super) fn start() -> Self {
        let inbox = Arc::new(Inbox::default());
        let data = Data::from(Arc::clone(&inbox));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = HttpServer::new(move || {
            App::new().app_data(data.clone()).default_service(web::to(receive))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { address, inbox, server: handle }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/callbacks", self.address)
    }

    pub(super) fn answer_next(&self, statuses: impl IntoIterator<Item = u16>) {
        self.inbox.answers.lock().extend(statuses);
    }

    pub(super) fn arrived(&self) -> Vec<Arrived> {
        self.inbox.arrived.lock().clone()
    }

    /// Waits for so many callbacks.
    pub(super) async fn wait_for(&self, count: usize) -> Vec<Arrived> {
        let begun = Instant::now();
        loop {
            let arrived = self.arrived();
            if arrived.len() >= count {
                return arrived;
            }
            assert!(begun.elapsed() < super::DEADLINE, "{} of {count} came", arrived.len());
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn receive(request: HttpRequest, body: Bytes, inbox: Data<Inbox>) -> HttpResponse {
    let header =
        |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    inbox.arrived.lock().push(Arrived {
        path: request.path().to_owned(),
        content_type: header("content-type"),
        authorization: header("authorization"),
        x_ts_authorization: header("x-ts-authorization"),
        body: body.to_vec(),
        at: Instant::now(),
    });
    let status = inbox.answers.lock().pop_front().unwrap_or(200);
    if status == 0 {
        std::future::pending::<()>().await;
    }
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).body("{}")
}
