// A whole part of a path: `/login`, `/users/sign_in`, `/auth/realms/x`; not `/author`.
const LOGIN_PART = /^(log[-_]?in|log[-_]?on|sign[-_]?in|sso|auth|oauth2?|oidc|saml2?|authorize|authenticate|authentication|wp-login)(\.\w+)?$/i
const PASSWORD_FIELD = /<input\b[^<>]*\btype\s*=\s*["']?password\b/i

/** Whether a path looks like one where people sign in. */
export function isLoginPath(path: string): boolean {
  return path.split('/').some((part) => LOGIN_PART.test(part))
}

/** Whether a page asks for a password. */
export function asksForPassword(contentType: string, body: string): boolean {
  const mayBeHtml = contentType === '' || /html/i.test(contentType)
  return mayBeHtml && PASSWORD_FIELD.test(body)
}
