"""Shoppers for Retro Station: see README.md for how to send them.

Variables: FRONTEND_ADDR (host:port of the website), USERS (how many shoppers), RUN_TIME (how long, such as 30s; without
it until it is stopped), WAIT_SECONDS (the pause between two clicks, 1-10), MAX_P95_MS (what 95 of 100 answers may
take), PATIENCE_SECONDS (how long the website may take to answer for the first time, 5).
"""

import logging
import os
import random
import re
import time
import urllib.error
import urllib.request

from locust import FastHttpUser, between, events, task

PRODUCTS = [
    "OLJCESPC7Z",
    "66VCHSJNUP",
    "1YMWWN1N4O",
    "L9ECAV7KIM",
    "2ZYFJ3GM2N",
    "0PUK6V6EV0",
    "LS4PSXUNUM",
    "9SIQT8TOJO",
    "6E92ZMYYFZ",
]
CURRENCIES = ["EUR", "USD", "JPY", "CAD"]
QUANTITIES = [1, 2, 3, 4, 5, 10]
SORTS = ["price", "price-down", "year", "name"]
SEARCHES = ["scarab", "light", "space", "racing", "puzzle", "the"]

# Numbers that the mock issuer knows (packages/paymentservice/src/CardNumbers.ts).
GOOD_CARD = "4432801561520454"
DECLINED_CARD = "4432801561520512"

# Past this many games a cart is paid for before more go in: far from what a line and an order may hold.
FULL_CART = 40

WAIT_SECONDS = [float(part) for part in os.environ.get("WAIT_SECONDS", "1-10").split("-")]
MAX_P95_MS = float(os.environ.get("MAX_P95_MS", "2000"))
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "5"))


class Shopper(FastHttpUser):
    """What every shopper can do. Each has cookies of its own, and so a session and a cart."""

    abstract = True
    wait_time = between(WAIT_SECONDS[0], WAIT_SECONDS[-1])

    def on_start(self):
        self.games = 0
        self.home()

    def page(self, path, name, expect=None, status=200, data=None):
        """Gets a page, or posts a form and follows to the page it leads to; fails on anything else than expected."""
        method = "GET" if data is None else "POST"
        with self.client.request(method, path, name=name, data=data, catch_response=True) as response:
            if response.status_code != status:
                response.failure(f"status {response.status_code}, not {status}")
            elif expect is not None and expect not in (response.text or ""):
                response.failure(f"a page without {expect!r}")
            else:
                response.success()
            return response.text or ""

    def home(self):
        return self.page("/", "/", expect="/product/")

    def browse(self, product=None):
        return self.page(f"/product/{product or random.choice(PRODUCTS)}", "/product/[id]", expect="/cart")

    def add_to_cart(self, quantity):
        if self.games + quantity > FULL_CART:
            self.buy()
        product = random.choice(PRODUCTS)
        self.browse(product)
        form = {"product_id": product, "quantity": quantity}
        self.page("/cart", "/cart (add)", expect=f"/product/{product}", data=form)
        self.games += quantity

    def cart(self):
        return self.page("/cart", "/cart")

    def buy(self, cart=None, number=GOOD_CARD, status=200, expect="/track/"):
        """Sends the order form of a cart page with everything that the page hides in it."""
        form = {
            **hidden_fields(cart if cart is not None else self.cart(), "/cart/checkout"),
            "email": "load@example.com",
            "name": "Load Generator",
            "street_address": "1600 Amphitheatre Parkway",
            "zip_code": "94043",
            "city": "Mountain View",
            "state": "CA",
            "country": "US",
            "credit_card_number": number,
            "credit_card_expiration_month": "1",
            "credit_card_expiration_year": "2039",
            "credit_card_cvv": "672",
        }
        name = "/cart/checkout" if status == 200 else f"/cart/checkout ({status})"
        page = self.page("/cart/checkout", name, data=form, status=status, expect=expect)
        if status == 200:
            self.games = 0
        return page


class Visitor(Shopper):
    """Clicks around in the proportions of the application that this shop follows."""

    weight = 2

    @task(1)
    def look_at_home(self):
        self.home()

    @task(2)
    def choose_currency(self):
        self.page("/setCurrency", "/setCurrency", data={"currency_code": random.choice(CURRENCIES)})

    @task(10)
    def browse_product(self):
        self.browse()

    @task(2)
    def add_product(self):
        self.add_to_cart(random.choice(QUANTITIES))

    @task(3)
    def view_cart(self):
        self.cart()

    @task(1)
    def check_out(self):
        self.add_to_cart(random.choice(QUANTITIES))
        self.buy()


class Collector(Shopper):
    """Knows what to look for, has second thoughts, and sometimes the wrong card."""

    weight = 1

    @task(6)
    def search(self):
        self.page(f"/search?q={random.choice(SEARCHES)}", "/search?q=[words]")

    @task(4)
    def filter(self):
        self.page(f"/search?q=&sort={random.choice(SORTS)}&page=2", "/search?sort=[order]&page=2", expect="/product/")
        kinds = re.findall(r'href="(/(?:category|platform)/[^"?#]+)"', self.browse())
        if kinds:
            path = random.choice(kinds)
            self.page(path, f"/{path.split('/')[1]}/[name]", expect="/product/")

    @task(3)
    def follow_recommendation(self):
        page = self.browse()
        others = re.findall(r'href="/product/([A-Z0-9]{10})"', page)
        if others:
            self.browse(random.choice(others))

    @task(2)
    def change_mind(self):
        self.add_to_cart(2)
        lines = re.findall(r'name="product_id" value="([A-Z0-9]{10})"', self.cart())
        if lines:
            form = {"product_id": random.choice(lines), "quantity": random.choice([0, 1])}
            self.page("/cart/update", "/cart/update", data=form)

    @task(1)
    def start_over(self):
        self.page("/cart/empty", "/cart/empty", data={})
        self.games = 0

    @task(1)
    def pay_with_another_card(self):
        self.add_to_cart(1)
        refused = self.buy(number=DECLINED_CARD, status=402, expect="/cart/checkout")
        order = self.buy(cart=refused)
        tracking = re.search(r"/track/[A-Z0-9]+", order)
        if tracking:
            self.page(tracking.group(), "/track/[id]")
        self.page("/orders", "/orders", expect="/order/")


def hidden_fields(page, action):
    """The hidden fields of the form that posts to an address."""
    for form in page.split("<form")[1:]:
        if f'action="{action}"' in form.split(">", 1)[0]:
            inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', form.split("</form>", 1)[0])
            return {attribute(tag, "name"): attribute(tag, "value") for tag in inputs}
    return {}


def attribute(tag, name):
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


@events.init_command_line_parser.add_listener
def defaults(parser):
    """Options of the command line that the environment may give, as it does in a cluster."""
    parser.set_defaults(
        host=f"http://{os.environ.get('FRONTEND_ADDR', 'localhost:8080')}",
        num_users=int(os.environ.get("USERS", "10")),
        spawn_rate=5,
        run_time=os.environ.get("RUN_TIME"),
    )


@events.test_start.add_listener
def wait_for_website(environment, **_):
    """Nobody shops before the website answers; a website that does not is an error, not a wait without end."""
    address = f"{environment.host}/_healthz"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline:
                logging.error("%s does not answer: %s", address, error)
                # Locust would go on after any exception here.
                logging.shutdown()
                os._exit(2)
            time.sleep(1)


@events.quitting.add_listener
def judge(environment, **_):
    """A run with one error, without any request, or with slow answers has failed."""
    total = environment.stats.total
    p95 = total.get_response_time_percentile(0.95) or 0
    if total.num_requests == 0:
        verdict = "nobody asked for anything"
    elif total.num_failures > 0:
        verdict = f"{total.num_failures} of {total.num_requests} requests failed"
    elif p95 > MAX_P95_MS:
        verdict = f"95 of 100 answers took up to {p95:.0f} ms, and may take {MAX_P95_MS:.0f} ms"
    else:
        logging.info("passed: %d requests, none failed, p95 %.0f ms", total.num_requests, p95)
        environment.process_exit_code = 0
        return
    logging.error("failed: %s", verdict)
    environment.process_exit_code = 1
