import { useState } from 'react';
import type { Looked } from '../../../src-main/bridge.ts';
import { version } from '../../../package.json';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Problem } from '../../ui/empty.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { dayOf, fingerprintLines, localWords, noAddressWords, noCenterWords, problemWords } from './connect-words.ts';
import { versionWords } from './versions.ts';

interface FindingProps {
  looked: Looked;
  onConnect: (url: string, plain: boolean) => void;
  onTrust: (url: string, fingerprint: string) => void;
  onLeave: () => void;
}

/** What a look found, and what a person can decide about it. */
export function Finding({ looked, ...acts }: FindingProps) {
  switch (looked.kind) {
    case 'not-an-address':
      return <Problem what={noAddressWords.what} why={noAddressWords.how} />;
    case 'none': {
      const { what, how } = noCenterWords(looked.why, looked.url);
      return <Problem what={what} why={how} />;
    }
    case 'local': {
      const { what, how } = localWords(looked.state);
      return <Problem what={what} why={how} />;
    }
    case 'untrusted':
      return <Untrusted looked={looked} {...acts} />;
    case 'center':
      return <Center looked={looked} {...acts} />;
  }
}

type Of<Kind extends Looked['kind']> = Omit<FindingProps, 'looked'> & { looked: Extract<Looked, { kind: Kind }> };

function Center({ looked, onConnect, onLeave }: Of<'center'>) {
  const { url, way } = looked;
  const { host } = new URL(url);
  const [sure, setSure] = useState(false);
  const versions = versionWords(version, looked);
  const plain = way === 'plain';
  return (
    <section className="finding" aria-label={t`What answers there`}>
      <div className={plain ? 'row finding-head hatch' : 'row finding-head'}>
        <Mark kind={plain ? 'unknown' : 'ok'} label={plain ? t`Not protected` : t`Protected`} />
        <h2>{looked.name === '' ? host : looked.name}</h2>
        <span className="muted">{url}</span>
      </div>
      {plain ? (
        <p>
          {rich`${<b>{t`Anyone between this machine and ${host} can read and act.`}</b>} Without TLS your password, the incidents and the keys of pages travel readably, and nobody proves that it is ${host} that answers. Ask for its https address; go on only where you trust the whole way.`}
        </p>
      ) : (
        <p className="muted">{provedWords(way, host)}</p>
      )}
      {versions === null ? null : <p>{versions}</p>}
      {plain ? (
        <Checkbox isSelected={sure} onChange={setSure}>
          {t`I know that anyone between can read and act, and want it`}
        </Checkbox>
      ) : null}
      <div className="row finding-foot">
        <Button onPress={onLeave}>{t`Do not connect`}</Button>
        <Button look={plain ? 'plain' : 'primary'} isDisabled={plain && !sure} onPress={() => onConnect(url, plain)}>
          {plain ? t`Connect without TLS` : t`Connect`}
        </Button>
      </div>
    </section>
  );
}

function provedWords(way: 'this-machine' | 'certified' | 'pinned' | 'plain', host: string): string {
  if (way === 'this-machine') return t`It runs on this machine: nothing goes over a network.`;
  if (way === 'pinned') return t`It shows the very certificate that you chose to trust for ${host}.`;
  return t`Its certificate, from an authority that this machine trusts, proves that it is ${host}.`;
}

function Untrusted({ looked, onTrust, onLeave }: Of<'untrusted'>) {
  const { url, certificate, pinnedSince } = looked;
  const { host } = new URL(url);
  const [sure, setSure] = useState(false);
  return (
    <section className="finding" aria-label={t`An unknown certificate`}>
      <div className="row finding-head hatch">
        <Mark kind="unknown" label={t`Not trusted`} />
        <h2>{pinnedSince === null ? t`${host} cannot prove who it is` : t`The certificate of ${host} has changed`}</h2>
      </div>
      <p>
        {pinnedSince === null
          ? problemWords(certificate.problem)
          : t`It is another one than the one trusted since ${dayOf(pinnedSince)}. A renewed certificate looks like this, and so does somebody in between. Nothing was sent to it.`}
      </p>
      <KeyValues
        entries={[
          [t`issued by`, certificate.issuer],
          [t`issued to`, certificate.subject],
          [t`names`, certificate.names.length === 0 ? t`none` : certificate.names.join(', ')],
          [t`valid`, t`${dayOf(certificate.validFrom)} to ${dayOf(certificate.validTo)}`],
          [
            'SHA-256',
            <span key="sha" className="fingerprint">
              {fingerprintLines(certificate.fingerprint).map((line) => (
                <span key={line}>{line}</span>
              ))}
            </span>,
          ],
        ]}
      />
      <p className="muted">
        {t`Let an administrator read this fingerprint to you from the server itself, over another way. Better still: have this machine trust the authority of your company, then nobody has to compare.`}
      </p>
      <Checkbox isSelected={sure} onChange={setSure}>
        {t`I compared the fingerprint, and it is the same`}
      </Checkbox>
      <div className="row finding-foot">
        <Button look="primary" onPress={onLeave}>
          {t`Do not connect`}
        </Button>
        <Button isDisabled={!sure} onPress={() => onTrust(url, certificate.fingerprint)}>
          {t`Trust this certificate for ${new URL(url).hostname}`}
        </Button>
      </div>
    </section>
  );
}
