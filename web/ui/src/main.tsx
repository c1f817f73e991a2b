import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import "./i18n/texts";
import { queryClient } from "./api/query-client";
import { boot } from "./boot";
import { router } from "./router";
import { applyTheme } from "./shell/theme";

setNonce(boot.nonce); // for the styles that Radix makes at run time
applyTheme();

// The server was upgraded under an open tab: what this page would load next is gone. Once, not for ever.
window.addEventListener("vite:preloadError", () => {
  const key = "cartwheel.reloaded";
  if (sessionStorage.getItem(key) !== boot.version) {
    sessionStorage.setItem(key, boot.version);
    location.reload();
  }
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
