/**
 * The name of the OPC UA status in an error of the library, which puts it into the text of the message or into the
 * response it carries; the message itself where there is none.
 */
export function statusNameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Bad';
  const carried = error as Error & { response?: { responseHeader?: { serviceResult?: { name?: string } } } };
  const name = carried.response?.responseHeader?.serviceResult?.name;
  return name ?? /\b(Bad[A-Z][A-Za-z]+)\b/.exec(error.message)?.[1] ?? error.message;
}

/** Whether a status says that the server no longer has the session. */
export function isSessionGone(status: string): boolean {
  return /^Bad(SessionIdInvalid|SessionClosed|SessionNotActivated|SecureChannelClosed|SecureChannelIdInvalid)$/.test(
    status,
  );
}

/** Whether a status says that the server no longer has the subscription. */
export function isSubscriptionGone(status: string): boolean {
  return status === 'BadNoSubscription' || status === 'BadSubscriptionIdInvalid';
}

/** The status with which the server refused a request; undefined where the session or the connection is gone. */
export function refusalOf(error: unknown): string | undefined {
  const status = statusNameOf(error);
  const isAnswer = /^Bad[A-Z][A-Za-z]+$/.test(status);
  const isLost = isSessionGone(status) || /^Bad(Connection\w+|CommunicationError|Disconnect|Timeout)$/.test(status);
  return isAnswer && !isLost ? status : undefined;
}

/** Whether asking again would bring the same refusal: the server cannot do it, or not for this client. */
export function isLasting(status: string): boolean {
  return /^Bad(HistoryOperation(Invalid|Unsupported)|NotSupported|NotImplemented|ServiceUnsupported|UserAccessDenied|NotReadable|AttributeIdInvalid|NodeIdInvalid)$/.test(
    status,
  );
}
