// Everything works without this file; with it, a few things take one step less.
"use strict"

// With arrow keys a list changes at every step: then the button beside it sends it.
for (const control of document.querySelectorAll("[data-submit]")) {
  let pointed = false
  control.addEventListener("pointerdown", () => (pointed = true))
  control.addEventListener("keydown", () => (pointed = false))
  control.addEventListener("change", () => pointed && control.form.requestSubmit())
}

// An order is placed once anyway (its key is in the form); this only spares the shopper the doubt.
for (const form of document.querySelectorAll("form[data-once]")) {
  const button = form.querySelector("button.primary")
  const label = button.textContent
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault()
    form.dataset.sent = "yes"
    button.textContent = form.dataset.once
  })
  addEventListener("pageshow", () => {
    delete form.dataset.sent
    button.textContent = label
  })
}

const number = document.getElementById("credit_card_number")
if (number) {
  const brands = [
    [/^4/, "Visa"],
    [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, "Mastercard"],
    [/^3[47]/, "American Express"],
    [/^(6011|64[4-9]|65)/, "Discover"],
    [/^35(2[89]|[3-8])/, "JCB"],
    [/^3(0[0-5]|[689])/, "Diners Club"]
  ]
  const hint = document.getElementById("credit_card_number-hint")
  const before = hint.textContent
  const show = () => {
    const digits = number.value.replace(/\D/g, "")
    hint.textContent = brands.find(([range]) => range.test(digits))?.[1] ?? before
  }
  number.addEventListener("input", show)
  show()
}

// Up, up, down, down, left, right, left, right, b, a: the old tube.
const code = "ArrowUp ArrowUp ArrowDown ArrowDown ArrowLeft ArrowRight ArrowLeft ArrowRight b a".split(" ")
let at = 0
addEventListener("keydown", ({ key }) => {
  at = key === code[at] ? at + 1 : key === code[0] ? 1 : 0
  if (at === code.length) document.documentElement.classList.toggle("tube")
})

// Says what is in the cart when that is new: what stands on a page as it opens is not read out by itself.
const said = document.getElementById("said")
const count = document.querySelector(".count")?.textContent.replace(/\s+/g, " ").trim()
if (count) {
  const before = sessionStorage.getItem("cart")
  const removed = document.querySelector(".undo p")?.textContent ?? ""
  sessionStorage.setItem("cart", count)
  if (before && before !== count) setTimeout(() => (said.textContent = `${removed} ${count} in your cart.`.trim()), 300)
}
