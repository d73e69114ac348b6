import { chromium, type Browser, type Page } from 'playwright-core';

/** Debian's Chromium, headless, kept from reaching out by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What went wrong on a page, gathered while it is used. */
export interface PageFaults {
  consoleErrors: string[];
  outsideRequests: string[];
}

/** Opens a page and notes every console error and every request that leaves loopback. */
export async function openPage(
  browser: Browser,
  url: string,
  locale = 'en-US',
): Promise<{ page: Page; faults: PageFaults }> {
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const faults: PageFaults = { consoleErrors: [], outsideRequests: [] };
  page.on('console', (message) => {
    if (message.type() === 'error') faults.consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => faults.consoleErrors.push(error.message));
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url())) faults.outsideRequests.push(request.url());
  });
  await page.goto(url);
  return { page, faults };
}
