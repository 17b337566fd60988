/* oxlint-disable max-lines */
/**
 * Words that stand beside a brand in names. `pressing` ones are what a victim is made to act on: credentials, money, rewards,
 * updates, delivery. `mild` ones are as common with the brands themselves. `loose` ones mostly mark fans, shops, critics
 * and news. `address` ones are what an address has around a domain; `web` ones say nothing.
 */
export const KEYWORDS: Readonly<Record<'pressing' | 'mild' | 'loose' | 'web' | 'address', string>> = {
  pressing: `
    access account accounts acount activate activation admin alert alerts appeal auth authentication authenticate
    authorize authorization authorise authorisation autentificacion backup ban banned billing blocked
    cancel cash cashback certificate change chat check checkpoint claim claims cliente clients client
    compensation complaint confirm confirmation connect contact control copyright credential credentials credit customer
    customers customerservice debit delivery deposit dispute document documents
    download downloads error event events extension fee finance fix form forms fraud free funds gateway gift gifts
    giftcard glft guard help helpdesk helpcenter id identity import info inbox install installer invoice invoices
    key keys kyc lock locked limited live locate login logins logon log logout manage manager member members membership message
    messages meeting migrate migration mobile my nft notice notification notifications notify official open order orders
    otp owner page panel parcel passcode passphrase password passwords pass pay payment payments payout pin
    portal post prize premium pro process profile promo promos promotion promotions protect protection purchase
    qr receipt recover recovery redeem redelivery refund refunds register registration release renew renewal request
    reset resolution resolve restore restriction restricted return reward rewards safe safety sale scan secure secured security seed
    send session setup ship shipping sign signin signup sms ssl staff status statement step submit
    subscription subscribe suite support survey suspended suspension swap sync synchronization tax token tokens trace track tracking
    trade trading transaction transactions transfer transfers trial unlock unblock unusual update updates upgrade user users
    validate validation validator verificacion verification verifications verified verify verifying verif voice voucher vote vault
    wallet wallets warning web2fa webmail webauth win winner wire withdraw withdrawal zone 2fa mfa sso
    airdrop airdrops airdropp presale ico bonus bonuses giveaway giveaways giveway give drop drops mint minting stake staking
    bridge dapp dapps defi eth btc ether bitcoin crypto coin coins bnb usdt erc20 phrase rectify rectification sale
    tokensale whitelist whitelisted liquidity farm farming launchpad mainnet testnet reward
    double multiplier return doubling generator
    nitro boost hypesquad hypesquads moderator moderators moderation mod mods academy exam skins skin case cases tournament
    badge badges partnership apply application applications applicant joined join early supporter
    anmelden anmeldung kunde kunden kundenservice sicherheit sicher konto rechnung zahlung passwort bestaetigen bestaetigung
    bestatigung freischalten aktualisieren paket sendung lieferung gutschein gewinn hilfe banking online-banking tan
    compte connexion client facture paiement securite colis suivi livraison remboursement assistance amende impots
    vitale carte mise-a-jour verifier actualiser messagerie identifiant moncompte
    cuenta cuentas acceso ingreso ingresar inicio sesion seguridad seguro soporte ayuda pago pagos factura clave
    verificar actualizar paquete envio entrega banca cliente clientes tarjeta premio premios regalo cupon sorteo beneficio
    conta acesso entrar seguranca suporte ajuda pagamento fatura senha atualizar atualizacao cadastro encomenda entrega
    rastreio cartao resgate pontos
    accesso sicurezza assistenza pagamento fattura clienti verifica aggiorna aggiornamento pacco spedizione
    consegna conto premio buono sblocco riattiva
    inloggen betaling rekening veilig klant klanten pakket bezorging bevestigen
    logowanie konto platnosc platnosci paczka przesylka dostawa potwierdz faktura bezpieczenstwo doplata
    giris hesap destek guvenlik odeme kargo kampanya hediye
    vhod oplata zakaz dostavka pochta kabinet podarok bonusy
    kaiin card-info hakken point points koushin nin ninsho
    akun masuk hadiah bantuan dang-nhap dangnhap nhan-qua qua-tang
    chongzhi denglu zhuce renzheng kefu`,
  mild: `
    active area campaign card cards center centre dashboard data device devices direct director email espace exchange home mail node nodes online partner partners platform pool report schedule server service services store system team test touroku`,
  loose: `
    corp cdn static assets img images content ext usercontent analytics stats ads ad studio studios foundation
    blog blogs fan fans fanclub news review reviews forum forums club community wiki tips guide guides how tutorial
    tutorials jobs job careers career stock stocks history book books music video videos movie games game photo photos pics
    art design sucks watch watcher tracker tool tools api dev developer developers status stats analytics python js
    lovers lover world group groups fund foundation charity hotel hotels tours travel school university college church
    parts repair repairs shop market markets marketing network networks deals deal coupon coupons discount outlet sales
    lab labs hq studio media press magazine radio tv event podcast
    alternative alternatives vs compare comparison plugin plugins theme themes template templates
    price prices charts chart index daily weekly today talk bot bots emoji stickers merch unofficial`,
  web: `
    web mobi app apps wap index html php url link links site sites website page go
    de fr es it uk us usa ru cn jp in eu br ca au nl pl tr info biz co io cloud smart pro tech digital media global`,
  address: `www ww wwww wwvv http https httpswww httpwww ssl ftp com org net`,
};
