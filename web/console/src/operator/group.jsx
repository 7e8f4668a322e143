// SPDX-License-Identifier: Apache-2.0
// One group: what waits for a moderator, and who is in it.
import { useLocation } from 'preact-iso/router';
import { call } from '../lib/api.js';
import { t } from '../lib/i18n.js';
import { useLoad } from '../lib/load.js';
import { Asked, Check, Does, Field } from '../ui/form.jsx';
import { Badge, Card, Facts, Loaded, Page, Prose, Time, Who, Words } from '../ui/parts.jsx';

function Waiting({ path }) {
  const posts = useLoad(`${path}/posts`);
  const decide = (post, what) => () => call('POST', `${path}/posts/${post.id}/${what}`);
  return (
    <Card title={t('group.waiting')}>
      <Loaded from={posts} empty={(d) => !d.posts.length && t('group.no_posts')}>
        {(d) => (
          <ul class="rows">
            {d.posts.map((each) => (
              <li class="row" key={each.id}>
                <div class="row-head"><strong><Who of={each.author} /></strong><Time ms={each.at} /></div>
                <Prose of={each.text} />
                <div class="actions">
                  <Does label={t('group.pass')} tone="main" act={decide(each, 'pass')} after={posts.refresh} />
                  <Asked label={t('group.drop')} tone="danger" ask={t('group.drop.ask')} act={decide(each, 'drop')} after={posts.refresh} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Members({ path }) {
  const members = useLoad(`${path}/members`);
  return (
    <Card title={t('group.members')}>
      <Asked label={t('group.join')} yes={t('do.add')} after={members.refresh}
        act={({ who, digest }) => call('POST', `${path}/members`, { who: who.trim(), digest: Boolean(digest) })}>
        <Field label={t('group.who')} hint={t('group.who.hint')} name="who" required dir="ltr" autocapitalize="none" />
        <Check label={t('group.digest')} name="digest" />
      </Asked>
      <Loaded from={members} empty={(d) => !d.members.length && t('group.nobody')}>
        {(d) => (
          <ul class="rows">
            {d.members.map((each) => (
              <li class="row" key={each.address}>
                <div class="row-head">
                  <strong><Who of={each.address} /></strong>
                  {each.moderator && <Badge tone="off">{t('group.moderator')}</Badge>}
                  {each.failures > 0 && <Badge tone="bad">{t('group.failures')}</Badge>}
                </div>
                <Asked label={t('group.leave')} ask={t('group.leave.ask')} after={members.refresh}
                  act={() => call('DELETE', `${path}/members`, { who: each.address })} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

export function Group({ name }) {
  const { route } = useLocation();
  const all = useLoad('/groups');
  const path = `/groups/${encodeURIComponent(name)}`;
  const group = all.data?.groups.find((each) => each.name === name);
  return (
    <Page title={group?.title || name}>
      <Loaded from={all} empty={() => !group && t('missing.text')}>
        {() => (
          <>
            <Facts of={[
              [t('group.name'), <Words of={`#${name}`} />],
              [t('group.mode'), t(`mode.${group.mode}`)],
              [t('group.post'), t(`post.${group.post}`)],
              [t('group.moderators'), group.moderators.length ? <Words of={group.moderators.join(', ')} /> : t('none')],
            ]} />
            <div class="columns"><Members path={path} />{group.mode === 'moderated' && <Waiting path={path} />}</div>
            <Asked label={t('group.end')} tone="danger" ask={t('group.end.ask')}
              act={() => call('DELETE', path)} after={() => route('/groups')} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
