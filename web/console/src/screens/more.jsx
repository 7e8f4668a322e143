// SPDX-License-Identifier: Apache-2.0
// The rest of the menu, for phones.
import { t } from '../lib/i18n.js';
import { session, signOut } from '../lib/session.js';
import { menuOf } from '../shell/menu.js';
import { Does } from '../ui/form.jsx';
import { Button, Icon, Page } from '../ui/parts.jsx';

export const SignOut = () => <Does label={t('do.sign_out')} act={signOut} />;

export function More() {
  return (
    <Page title={t('menu.more')}>
      {menuOf(session.value.role).map((group) => (
        <section class="card" key={group.key}>
          <h2>{t(group.key)}</h2>
          <ul class="links">
            {group.entries.map((each) => (
              <li key={each.path}><a href={each.path}><Icon name={each.icon} />{t(each.key)}</a></li>
            ))}
          </ul>
        </section>
      ))}
      <SignOut />
    </Page>
  );
}

export function Missing() {
  return (
    <Page title={t('missing.title')}>
      <p>{t('missing.text')}</p>
      <a class="button" href="/">{t('missing.home')}</a>
    </Page>
  );
}

// The file of a screen did not come: browsers ask for it again only with the whole page.
export function NotFetched() {
  return (
    <Page title={t('line.none')}>
      <p>{t('line.none.help')}</p>
      <Button tone="main" onClick={() => location.reload()}>{t('do.again')}</Button>
    </Page>
  );
}
