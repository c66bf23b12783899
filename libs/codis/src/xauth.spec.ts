import { recordedCase } from './testing/recorded-cases';
import { dashboardXAuth, proxyXAuth } from './xauth';

describe('xauth', () => {
  it('of a dashboard follows from the product alone', () => {
    expect(dashboardXAuth('codis-lab')).toBe('e30407b4683430939e242d85393b05a7');
    const { request } = recordedCase('auth-cluster.xauth', 'dashboard-xping-product-auth-is-NOT-in-the-hash');
    expect(request.url).toContain(dashboardXAuth('codis-auth'));
  });

  it('of a proxy follows from product, product_auth and token', () => {
    expect(proxyXAuth('codis-lab', '', 'fc7f0466f1a9181fee7aabab79004184')).toBe(
      '7d6bca5d0445da6ff19e4a6137f28017',
    );
    expect(proxyXAuth('codis-lab', '', 'bb6698ebec90f74b5a62900b27351a67')).toBe(
      '932bd9dafb01846645de7fa1107695b5',
    );
  });

  it('of a proxy differs with another product_auth', () => {
    expect(proxyXAuth('codis-lab', 'x', 't')).not.toBe(proxyXAuth('codis-lab', '', 't'));
  });
});
