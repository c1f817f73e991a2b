import { expect, it } from "vitest";
import { fillIn } from "./fill-in";

const template = {
  name: "Ask",
  trigger: { type: "bigcommerce.shipment_created", authentication_id: "" },
  once_per: "order",
  condition: "",
  steps: [
    { id: "ask", type: "send_survey", config: { authentication_id: "", to: "x" } },
    {
      id: "big",
      type: "branch",
      branches: [
        {
          name: "big",
          condition: "true",
          steps: [{ id: "mail", type: "send_email", config: { authentication_id: "" } }],
        },
      ],
      otherwise: [{ id: "call", type: "http_request", config: { authentication_id: "" } }],
    },
  ],
};

it("takes the only mail server for every mail, in branches too, and leaves calls alone", () => {
  const made = fillIn(
    template,
    [
      { id: "mail-1", type: "smtp" },
      { id: "store-1", type: "bigcommerce" },
    ],
    "store-1",
  );
  expect(made.trigger?.authentication_id).toBe("store-1");
  expect(made.steps?.[0]?.config).toEqual({ authentication_id: "mail-1", to: "x" });
  expect(made.steps?.[1]?.branches?.[0]?.steps?.[0]?.config).toEqual({ authentication_id: "mail-1" });
  expect(made.steps?.[1]?.otherwise?.[0]?.config).toEqual({ authentication_id: "" });
});

it("does not choose between two mail servers", () => {
  const made = fillIn(
    template,
    [
      { id: "a", type: "smtp" },
      { id: "b", type: "smtp" },
    ],
    "",
  );
  expect(made.steps?.[0]?.config).toEqual({ authentication_id: "", to: "x" });
  expect(made.trigger?.authentication_id).toBe("");
});
