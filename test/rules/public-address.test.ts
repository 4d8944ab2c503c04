import { describe, expect, test } from 'vitest'
import { isPublicAddress } from '../../server/providers/public-address.ts'
import { mayBePosted } from '../../server/providers/webhook.ts'

const strict = { allowPrivate: false }

// Every one leads to this machine, to its network, or nowhere.
const private4 = [
  '127.0.0.1',
  '127.1.2.3',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '168.63.129.16',
]
const private6 = [
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::127.0.0.1',
  '::7f00:1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:8.8.8.8',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2001::7f00:1',
  '2001:db8::1',
  '3fff::1',
  'fe80::1',
  'fec0::1',
  'fc00::1',
  'fd00:ec2::254',
  'ff02::1',
  '100::1',
  '5f00::1',
  '4000::1',
]

describe('An address that is not public is refused', () => {
  test.each([...private4, ...private6])('%s', address => {
    expect(isPublicAddress(address)).toBe(false)
    const host = address.includes(':') ? `[${address}]` : address
    expect(mayBePosted(`https://${host}/hook`, strict)).toBe(false)
  })

  test.each([
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://127.1/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://127.0.0.1./',
    'https://127。0。0。1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://１２７.0.0.1/',
    'https://%31%32%37.0.0.1/',
    'https://127.0.0.1:8443/',
    'https://[::ffff:7f00:0001]:8443/',
    'https://[0000:0000:0000:0000:0000:0000:0000:0001]/',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://a.localhost/',
    'https://ｌｏｃａｌｈｏｓｔ/',
    'https://intranet/',
    'https://printer.local/',
    'https://db.internal/',
    'https://metadata.google.internal/',
    'https://router.home.arpa/',
    'https://user:password@example.com/',
    'https://user@example.com/',
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'example.com',
    'https://',
    '',
  ])('%s', url => {
    expect(mayBePosted(url, strict)).toBe(false)
  })
})

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700:4700::1111',
  '2a00:1450:4003::1',
])('%s is public', address => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  'https://example.com/hook',
  'https://hooks.example.co.uk:8443/a?b=c',
  'https://8.8.8.8/',
  'https://[2606:4700:4700::1111]/',
])('%s may be tried', url => {
  expect(mayBePosted(url, strict)).toBe(true)
})

test('Where private addresses are allowed so is http, and nothing that is not the web', () => {
  expect(mayBePosted('http://127.0.0.1:3000/', { allowPrivate: true })).toBe(true)
  expect(mayBePosted('file:///etc/passwd', { allowPrivate: true })).toBe(false)
})
